import {type Log} from '../log.js';
import {finder, type Tables} from './probe.js';
import {fieldOf, numberOf, parsed, textOf, type ForeignRow} from './values.js';

export type Part = {
	readonly id: unknown;
	readonly type: string;
	readonly toolName: string | null;

	/**
	Its text in pieces, of which some are fragments: those have their number in the file.
	*/
	readonly pieces: readonly Piece[];
	readonly payload: unknown;
};

type Piece = {readonly text: string; readonly fragment: number | null};

export type Message = {
	readonly hash: string;
	readonly parent: string | null;
	readonly role: string;
	readonly parts: () => readonly Part[];
};

export type MessageChain = {
	/**
	The messages from the first for which `isWanted` holds without a break up to the one with this hash; with it as the last.
	*/
	readonly upTo: (
		hash: string | null,
		isWanted: (message: Message) => boolean,
	) => readonly Message[];

	/**
	The first message of the conversation that this one belongs to.
	*/
	readonly rootOf: (hash: string | null) => Message | null;
};

/**
So many messages are remembered with the root of their conversation before all are forgotten.
*/
const mostRoots = 10_000;

/**
Read llm's messages, each of which names the one before it.
*/
export function createMessageChain(db: Log, tables: Tables): MessageChain {
	const findMessage = finder(db, tables.get('messages'), ['hash']);
	const partsOf = createPartReader(db, tables);
	const roots = new Map<string, string>();

	const messageAt = (hash: string | null): Message | null => {
		const row = hash === null ? undefined : findMessage(hash)[0];
		return hash === null || row === undefined
			? null
			: {
					hash,
					parent: textOf(row['parent_hash']),
					role: textOf(row['role']) ?? '',
					parts: () => partsOf(hash),
				};
	};

	return {
		upTo(hash, isWanted) {
			const messages: Message[] = [];
			const seen = new Set<string>();
			let message = messageAt(hash);

			while (message && !seen.has(message.hash) && isWanted(message)) {
				seen.add(message.hash);
				messages.push(message);
				message = messageAt(message.parent);
			}

			return messages.toReversed();
		},
		rootOf(hash) {
			const passed = new Set<string>();
			let message = messageAt(hash);

			while (message?.parent && !passed.has(message.hash)) {
				passed.add(message.hash);
				message = messageAt(roots.get(message.hash) ?? message.parent);
			}

			if (roots.size + passed.size > mostRoots) {
				roots.clear();
			}

			for (const each of message ? passed : []) {
				roots.set(each, message!.hash);
			}

			return message;
		},
	};
}

function createPartReader(
	db: Log,
	tables: Tables,
): (hash: string) => readonly Part[] {
	const findParts = finder(
		db,
		tables.get('parts'),
		['message_hash'],
		'position',
	);
	const fragmentsOf = finder(
		db,
		tables.get('part_fragments'),
		['part_id'],
		'order',
	);
	const fragmentById = finder(db, tables.get('fragments'), ['id']);
	const fragmentByHash = finder(db, tables.get('fragments'), ['hash']);

	const fragmentPiece = (known: unknown): Piece => {
		const row = (numberOf(known) === null ? fragmentByHash : fragmentById)(
			known,
		)[0];
		return {
			text: textOf(row?.['content']) ?? '',
			fragment: numberOf(row?.['id']),
		};
	};

	const piecesOf = (row: ForeignRow, payload: unknown): Piece[] => {
		const text = textOf(row['text']);
		const references = Array.isArray(payload)
			? payload
			: fieldOf(payload, 'text_ref');

		if (Array.isArray(references)) {
			return references.map((piece: unknown) => {
				const fragment = fieldOf(piece, 'fragment');
				return typeof fragment === 'number' || typeof fragment === 'string'
					? fragmentPiece(fragment)
					: {text: textOf(fieldOf(piece, 'literal')) ?? '', fragment: null};
			});
		}

		return text === null
			? fragmentsOf(row['id']).map(each => fragmentPiece(each['fragment_id']))
			: [{text, fragment: null}];
	};

	return hash =>
		findParts(hash).map(row => {
			const payload = parsed(textOf(row['payload']));
			return {
				id: row['id'],
				type: textOf(row['type']) ?? '',
				toolName: textOf(row['tool_name']),
				pieces: piecesOf(row, payload),
				payload,
			};
		});
}

/**
The whole text of a part.
*/
export function textOfPart({pieces}: Part): string {
	return pieces.map(({text}) => text).join('');
}
