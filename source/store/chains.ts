import {type RunState} from '../core/run-state.js';
import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';
import {readPictures} from './pictures.js';
import {damagedRun, explained} from './store-error.js';

/**
The conversation in which something happened last; null when there is none.

@throws UserError when the log is damaged.
*/
export function latestConversation(log: Log): string | null {
	return explained(
		log.name,
		() =>
			log
				.prepare<[], string>(
					`SELECT conversation_id FROM consortium_runs AS runs
					WHERE NOT EXISTS (
						SELECT 1 FROM consortium_conversations AS named
						WHERE named.id = runs.conversation_id AND deleted_at IS NOT NULL
					)
					ORDER BY active_at DESC, conversation_id DESC, id DESC LIMIT 1`,
				)
				.pluck()
				.get() ?? null,
	);
}

/**
The pictures of the runs that make up a conversation as it stands: each follows the one before it, those of the conversation it was forked from first. With `afterTurn`, as it stood after that question.

@throws UserError when it is not in the log, when it has no such question, or when the log is damaged.
*/
export async function readChain(
	log: Log,
	conversationId: string,
	afterTurn: number | null = null,
): Promise<RunState[]> {
	const last = explained(log.name, () =>
		log
			.prepare<[string], string>(
				`SELECT id FROM consortium_runs WHERE conversation_id = ?
				ORDER BY turn DESC, started_at DESC, id DESC LIMIT 1`,
			)
			.pluck()
			.get(conversationId),
	);

	if (last === undefined) {
		throw new UserError(
			`The log has no conversation \`${conversationId}\`.`,
			'Ctrl+O in the app shows those there are.',
		);
	}

	const chain = chainTo(log, last);
	const kept = chain.filter(
		({turn}) => afterTurn === null || turn <= afterTurn,
	);

	if (afterTurn !== null && kept.at(-1)?.turn !== afterTurn) {
		throw new UserError(
			`The conversation has no question ${afterTurn}.`,
			`It has ${chain.at(-1)!.turn}.`,
		);
	}

	return readPictures(
		log,
		kept.map(({id}) => id),
	);
}

/**
The same up to a run, which is the last of them.

@throws UserError when the log is damaged.
*/
export async function readChainTo(
	log: Log,
	runId: string,
): Promise<RunState[]> {
	return readPictures(
		log,
		chainTo(log, runId).map(({id}) => id),
	);
}

type Link = {
	readonly id: string;
	readonly turn: number;
	readonly previousRunId: string | null;
};

function chainTo(log: Log, runId: string): Link[] {
	return explained(log.name, () => {
		const select = log.prepare<[string], Link>(
			`SELECT id, turn, previous_run_id AS previousRunId
			FROM consortium_runs WHERE id = ?`,
		);
		const chain = new Map<string, Link>();
		let link = select.get(runId);

		while (link) {
			if (chain.has(link.id)) {
				throw damagedRun(
					log.name,
					link.id,
					'comes before itself in its conversation',
				);
			}

			chain.set(link.id, link);
			const {previousRunId} = link;
			link = previousRunId === null ? undefined : select.get(previousRunId);
		}

		return chain.values().toArray().toReversed();
	});
}
