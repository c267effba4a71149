import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';
import {drained, type Steps} from './steps.js';
import {explained, isTaken} from './store-error.js';
import {forgetEmpty, putBack, type Part} from './trash-put-back.js';

/**
A deletion that was undone.
*/
export type Undone = {
	/**
	When it was made, in milliseconds since the Unix epoch.
	*/
	readonly at: number;

	/**
	For people, as `the conversation 01ab`.
	*/
	readonly what: string;

	/**
	How many came back.
	*/
	readonly responses: number;

	/**
	Whether it had come to its end, or was cut off.
	*/
	readonly wasFinished: boolean;

	/**
	Why a part of it could not come back; null when nothing is left in the trash.
	*/
	readonly refusal: UserError | null;
};

type Deletion = {
	readonly id: string;
	readonly at: number;
	readonly what: string;
	readonly responses: number;
	readonly finishedAt: number | null;
};

/**
Put back what the latest deletion took, batch by batch as it went. A deletion that still goes on ends by that. With `isNext`, deletions nothing of which can come back are passed over.

@returns null when there is no deletion.
@throws UserError when nothing of it can come back since it is in the log again, or when the log is locked or damaged.
*/
export function* undoInBatches(log: Log, isNext = false): Steps<Undone | null> {
	const deletions = explained(log.name, () =>
		log
			.prepare<[], Deletion>(
				`SELECT id, at, what, responses, finished_at AS finishedAt
				FROM consortium_deletions ORDER BY number DESC`,
			)
			.all(),
	);
	let trouble: UserError | null = null;

	for (const deletion of deletions) {
		const {responses, isAny, refusal} = yield* undoOne(log, deletion);

		if (isAny) {
			const {at, what, finishedAt} = deletion;
			const wasFinished = finishedAt !== null;
			return {at, what, responses, wasFinished, refusal};
		}

		trouble ??= refusal;

		if (trouble && !isNext) {
			break;
		}
	}

	if (trouble) {
		throw new UserError(
			trouble.message,
			isNext || deletions.length === 1
				? 'What is in the log stays as it is; `consortium-tui logs vacuum` gives up what was deleted.'
				: 'What is in the log stays as it is. To undo the deletion before it: consortium-tui logs undo --next',
			{cause: trouble.cause},
		);
	}

	return null;
}

/**
The same at once: for what is small, or where nobody else writes.
*/
export function undoDeletion(log: Log, isNext = false): Undone | null {
	return drained(undoInBatches(log, isNext));
}

/**
The latest batch first, as it was the last to go. One that cannot come back stays where it is.
*/
function* undoOne(
	log: Log,
	{id: deletion, responses: all}: Deletion,
): Steps<{
	readonly responses: number;
	readonly isAny: boolean;
	readonly refusal: UserError | null;
}> {
	// Who deletes looks at this before each batch.
	inTransaction(log, () => {
		log
			.prepare(
				`UPDATE consortium_deletions SET finished_at = ?
				WHERE id = ? AND finished_at IS NULL`,
			)
			.run(Date.now(), deletion);
		forgetEmpty(log, deletion);
	});
	let responses = 0;
	let isAny = false;
	let refusal: UserError | null = null;
	let before: number | null = null;

	for (;;) {
		const batch = batchBefore(log, deletion, before);

		if (batch === null) {
			return {responses, isAny, refusal};
		}

		try {
			responses += inTransaction(log, () =>
				putBack(log, {deletion, batch, chat: null}),
			);
			isAny = true;
		} catch (error) {
			if (!(error instanceof UserError) || !isTaken(error.cause)) {
				throw error;
			}

			refusal ??= error;
		}

		before = batch;
		yield {
			rows: responses,
			share: Math.min(1, responses / Math.max(1, all)),
		};
	}
}

function batchBefore(
	log: Log,
	deletion: string,
	before: number | null,
): number | null {
	return explained(log.name, () =>
		log
			.prepare<[string, number | null, number | null], number | null>(
				`SELECT max(batch) FROM consortium_trash
				WHERE deletion_id = ? AND (? IS NULL OR batch < ?)`,
			)
			.pluck()
			.get(deletion, before, before)!,
	);
}

function inTransaction<Value>(log: Log, work: () => Value): Value {
	return explained(log.name, () => log.transaction(work).immediate());
}

/**
Put back what the latest deletion took of one conversation: whether there was any.

@throws UserError as for `undoInBatches`.
*/
export function undoConversation(log: Log, chat: string): boolean {
	return inTransaction(log, () => {
		const part = log
			.prepare<[string], Part>(
				`SELECT deletion_id AS deletion, batch, conversation_id AS chat
				FROM consortium_trash
				JOIN consortium_deletions AS deletions ON deletions.id = deletion_id
				WHERE conversation_id = ? ORDER BY number DESC LIMIT 1`,
			)
			.get(chat);

		if (part) {
			putBack(log, part);
		}

		return part !== undefined;
	});
}

/**
Put back a run somebody goes on with who had it before it was deleted, with its conversation and those that this one shares its beginning with. Nothing happens when it is not in the trash, or when it cannot be put back.
*/
export function bringBack(log: Log, runId: string): void {
	const found = log
		.prepare<[string], Part>(
			`SELECT deletion_id AS deletion, batch, conversation_id AS chat
			FROM consortium_trash
			WHERE row_id = ? AND table_name = 'consortium_runs'`,
		)
		.get(runId);

	if (!found) {
		return;
	}

	try {
		log.transaction(putBack)(log, found);
	} catch (error) {
		if (error instanceof UserError) {
			return;
		}

		throw error;
	}

	for (const id of missingBefore(log, found.chat)) {
		bringBack(log, id);
	}
}

function missingBefore(log: Log, chat: string | null): string[] {
	return log
		.prepare<{chat: string | null}, string>(
			`SELECT id FROM (
				SELECT previous_run_id AS id FROM consortium_runs
				WHERE conversation_id = @chat
				UNION
				SELECT derived_from FROM consortium_runs WHERE conversation_id = @chat
			) AS before
			WHERE id IS NOT NULL
				AND NOT EXISTS (SELECT 1 FROM consortium_runs WHERE id = before.id)`,
		)
		.pluck()
		.all({chat});
}
