import {type Log} from '../log.js';
import {
	knownColumns,
	type ForeignResponse,
	type ForeignToolCall,
	type ForeignToolResult,
	type Link,
} from './foreign-response.js';
import {
	createMessageChain,
	textOfPart,
	type MessageChain,
	type Part,
} from './message-chain.js';
import {finder, type Tables} from './probe.js';
import {linksOf, sharedColumns} from './read-responses.js';
import {extraOf, fieldOf, numberOf, textOf, type ForeignRow} from './values.js';

/**
Read rows of `turns`, as llm writes them since 0.32, as the response that older versions would have written: the prompt is what the last messages before the answer say, the answer is what was added to them, the system prompt is the first message of the conversation.
*/
export function createTurnReader(
	db: Log,
	tables: Tables,
): (id: string, row: ForeignRow) => ForeignResponse {
	const chain = createMessageChain(db, tables);
	const fragmentsOf = finder(
		db,
		tables.get('turn_fragments'),
		['turn_id'],
		'order',
	);
	const attachmentsOf = finder(
		db,
		tables.get('part_attachments'),
		['part_id'],
		'order',
	);
	const readTools = createToolReader(db, tables, attachmentIds);

	function attachmentIds(part: Part): ReadonlyArray<Link<string>> {
		return linksOf(attachmentsOf(part.id), row => textOf(row['attachment_id']));
	}

	const fragments = (turnId: string, kind: string) =>
		linksOf(
			fragmentsOf(turnId).filter(row => textOf(row['kind']) === kind),
			row => numberOf(row['fragment_id']),
		);

	return (id, row) => {
		const {question, answer, system} = messagesOf(chain, row);
		const asked = question.flatMap(message => message.parts());
		const said = answer.flatMap(message => message.parts());
		const promptFragments = fragments(id, 'prompt');
		const systemFragments = fragments(id, 'system');
		const reasoning = said
			.filter(({type}) => type === 'reasoning')
			.map(part => textOfPart(part))
			.join('');

		return {
			id,
			generation: 2,
			columns: {
				...sharedColumns(id, row),
				options_json: textOf(row['options_json']) ?? '{}',
				prompt: question
					.map(message => typedText(message.parts(), promptFragments))
					.filter(text => text !== '')
					.join('\n'),
				system:
					system === null ? null : typedText(system.parts(), systemFragments),
				prompt_json: null,
				response: typedText(said, []),
				conversation_id: textOf(row['thread_id']),
			},
			extra: extraOf(row, knownColumns, {
				reasoning: reasoning === '' ? null : reasoning,
			}),
			promptAttachments: asked
				.filter(({type}) => type === 'attachment')
				.flatMap(part => attachmentIds(part))
				.map(({to}, order) => ({to, order})),
			promptFragments,
			systemFragments,
			...readTools(id, asked, said),
		};
	};
}

function messagesOf(chain: MessageChain, row: ForeignRow) {
	const parent = textOf(row['parent_message_hash']);
	const tip = textOf(row['tip_message_hash']);
	const added = chain.upTo(tip, ({hash}) => hash !== parent);
	const isWhole = (added[0]?.parent ?? null) === parent;
	const root = chain.rootOf(parent);

	return {
		question: chain.upTo(
			parent,
			({role}) => role === 'user' || role === 'tool',
		),
		// Where the messages before the answer are missing, it begins behind what was asked last.
		answer: isWhole
			? added
			: chain.upTo(tip, ({role}) => role !== 'user' && role !== 'system'),
		system: root?.role === 'system' ? root : null,
	};
}

/**
The text of some parts, without the fragments that the turn lists beside it, as older versions had it.
*/
function typedText(
	parts: readonly Part[],
	listed: ReadonlyArray<Link<number>>,
): string {
	return parts
		.filter(({type}) => type === 'text')
		.map(part => {
			const typed = part.pieces.filter(
				({fragment}) =>
					fragment === null || listed.every(({to}) => to !== fragment),
			);
			const text = typed.map(piece => piece.text).join('');
			return typed.length === part.pieces.length ? text : text.trim();
		})
		.join('');
}

function createToolReader(
	db: Log,
	tables: Tables,
	attachmentIds: (part: Part) => ReadonlyArray<Link<string>>,
): (
	turnId: string,
	asked: readonly Part[],
	said: readonly Part[],
) => Pick<ForeignResponse, 'tools' | 'calls' | 'results'> {
	const toolsOf = finder(db, tables.get('turn_tools'), ['turn_id']);
	const toolById = finder(db, tables.get('tools'), ['id']);
	const instancesOf = finder(db, tables.get('tool_instantiations'), [
		'turn_id',
		'tool_call_id',
	]);

	return (turnId, asked, said) => {
		const rows = toolsOf(turnId);
		const numbers = rows
			.map(row => numberOf(row['tool_id']))
			.filter(id => id !== null);
		const byName = new Map(
			numbers.map(id => [textOf(toolById(id)[0]?.['name']), id]),
		);
		const about = (part: Part) => {
			const name = part.toolName ?? textOf(fieldOf(part.payload, 'name'));
			return {
				name,
				toolId: byName.get(name) ?? null,
				toolCallId: textOf(fieldOf(part.payload, 'tool_call_id')),
			};
		};

		const callOf = (part: Part): ForeignToolCall => ({
			...about(part),
			arguments: asText(fieldOf(part.payload, 'arguments')),
		});
		const resultOf = (part: Part): ForeignToolResult => {
			const known = about(part);
			const instance =
				instancesOf(turnId, known.toolCallId)[0] ??
				rows.find(row => numberOf(row['tool_id']) === known.toolId);
			return {
				...known,
				output: asText(fieldOf(part.payload, 'output')) ?? textOfPart(part),
				instanceId: numberOf(instance?.['instance_id']),
				exception: asText(fieldOf(part.payload, 'exception')),
				attachments: attachmentIds(part),
			};
		};

		return {
			tools: numbers,
			calls: said
				.filter(({type}) => type === 'tool_call')
				.map(part => callOf(part)),
			results: [...asked, ...said]
				.filter(({type}) => type === 'tool_result')
				.map(part => resultOf(part)),
		};
	};
}

function asText(value: unknown): string | null {
	return typeof value === 'object' && value !== null
		? JSON.stringify(value)
		: textOf(value);
}
