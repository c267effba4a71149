import {UserError} from '../../core/user-error.js';
import {type Log} from '../log.js';
import {createStatements, type Statements} from '../statements.js';
import {explained} from '../store-error.js';
import {backfillVersion, type Doubt, type Proposal} from './found.js';
import {
	assertOpen,
	isThere,
	narrow,
	proposalsOf,
	widen,
	type DoubtRow,
	type NarrowedDoubt,
} from './doubt-rows.js';
import {
	clearPlace,
	isLogged,
	placeOf,
	setPlace,
	type PlaceRow,
} from './places.js';

/**
A doubt in the log. `foundAt` is when a search last found it, in milliseconds since the Unix epoch.
*/
export type KeptDoubt = Doubt & {readonly foundAt: number};

/**
One of the proposals, counted from 0, or null for none of them.
*/
export type Decision = {readonly choice: number | null};

/**
What a decision says in the log. For undoing, `before` is where the response was, and `narrowed` the other doubts that lost a proposal by it, as they were.
*/
type DecisionRow = Decision & {
	readonly before: PlaceRow | null;
	readonly narrowed: readonly NarrowedDoubt[];
};

/**
Keep what a search at a moment (milliseconds since the Unix epoch) leaves to a person. What was decided before is not asked again, and nothing of what was deleted since it was found.

@throws UserError when the log is locked, full or damaged.
*/
export function keepDoubts(
	log: Log,
	doubts: readonly Doubt[],
	at: number,
): void {
	change(log, statements => {
		for (const doubt of doubts) {
			const {responseId} = doubt;

			if (responseId !== null && !isLogged(statements, responseId)) {
				continue;
			}

			statements.insert(
				'consortium_doubts',
				{
					id: doubt.id,
					run_id: doubt.runId,
					response_id: doubt.responseId,
					kind: doubt.kind,
					reason: doubt.reason,
					proposals: JSON.stringify(doubt.proposals),
					score: doubt.proposals[0]?.score ?? null,
					found_at: at,
					version: backfillVersion,
				},
				`ON CONFLICT (id) DO UPDATE SET
					run_id = excluded.run_id, response_id = excluded.response_id,
					kind = excluded.kind, reason = excluded.reason,
					proposals = excluded.proposals, score = excluded.score,
					found_at = excluded.found_at, version = excluded.version
				WHERE decision IS NULL`,
			);
		}
	});
}

/**
Drop the open doubts that a whole search, begun at a moment, did not find again.

@throws UserError when the log is locked or damaged.
*/
export function forgetDoubtsBefore(log: Log, at: number): void {
	change(log, statements => {
		statements.run(
			'DELETE FROM consortium_doubts WHERE decision IS NULL AND found_at < @at',
			{at},
		);
	});
}

/**
Doubts that wait for a person, in the order of their ids; `after` is the last id of the page before.

@throws UserError when the log is damaged.
*/
export function openDoubts(
	log: Log,
	{limit, after = ''}: {readonly limit: number; readonly after?: string},
): KeptDoubt[] {
	return explained(log.name, () =>
		log
			.prepare<{limit: number; after: string}, DoubtRow>(
				`SELECT * FROM consortium_doubts
				WHERE decision IS NULL AND id > @after ORDER BY id LIMIT @limit`,
			)
			.all({limit, after})
			.map(row => ({
				id: row.id,
				runId: row.run_id,
				responseId: row.response_id,
				kind: row.kind,
				reason: row.reason,
				proposals: proposalsOf(row),
				foundAt: row.found_at,
			})),
	);
}

/**
How many doubts wait for a person.

@throws UserError when the log is damaged.
*/
export function countOpenDoubts(log: Log): number {
	return explained(log.name, () =>
		log
			.prepare<[], number>(
				'SELECT count(*) FROM consortium_doubts WHERE decision IS NULL',
			)
			.pluck()
			.get()!,
	);
}

/**
Decide a doubt at a moment (milliseconds since the Unix epoch): the response gets the place that was chosen, or none, and no search changes it any more. Other doubts no longer propose that place, and go when they propose no other. A doubt without proposals is only put away.

@throws UserError when it is gone or was decided meanwhile, when the chosen run is gone or has another answer in that place, or when the log is locked.
@throws RangeError for a choice that is none of its proposals.
*/
export function decide(
	log: Log,
	doubtId: string,
	{choice}: Decision,
	at: number,
): void {
	change(log, statements => {
		const doubt = doubtOf(statements, doubtId);

		if (doubt.decision !== null) {
			throw new UserError('This was decided meanwhile.');
		}

		const proposals = proposalsOf(doubt);
		const chosen = choice === null ? null : proposals[choice];

		if (chosen === undefined) {
			throw new RangeError(`There is no proposal ${choice}.`);
		}

		const {response_id: responseId} = doubt;
		const before = responseId === null ? null : placeOf(statements, responseId);
		let narrowed: readonly NarrowedDoubt[] = [];

		if (responseId !== null && proposals.length > 0) {
			assertOpen(statements, responseId, chosen);
			setPlace(statements, decided(responseId, chosen));
			narrowed = chosen === null ? [] : narrow(statements, doubtId, chosen);
		}

		const decision: DecisionRow = {choice, before, narrowed};
		noteDecision(statements, doubtId, JSON.stringify(decision), at);
	});
}

/**
The doubt that was decided last; null when none was.

@throws UserError when the log is damaged.
*/
export function latestDecision(log: Log): string | null {
	return explained(
		log.name,
		() =>
			log
				.prepare<[], string>(
					`SELECT id FROM consortium_doubts WHERE decision IS NOT NULL
					ORDER BY decided_at DESC, rowid DESC LIMIT 1`,
				)
				.pluck()
				.get() ?? null,
	);
}

/**
Take a decision back: the response is where it was, and the doubt is open.

@throws UserError when there is no such decision, or the log is locked.
*/
export function undoDecision(log: Log, doubtId: string): void {
	change(log, statements => {
		const {
			decision,
			response_id: responseId,
			proposals,
		} = doubtOf(statements, doubtId);

		if (decision === null) {
			throw new UserError('Nothing was decided here.');
		}

		const {before, narrowed} = JSON.parse(decision) as DecisionRow;

		if (responseId !== null && proposals !== '[]') {
			if (before !== null && isThere(statements, before.run_id)) {
				setPlace(statements, before);
			} else {
				clearPlace(statements, responseId);
			}
		}

		widen(statements, narrowed);

		noteDecision(statements, doubtId, null, null);
	});
}

function change(log: Log, work: (statements: Statements) => void): void {
	explained(log.name, () => {
		log
			.transaction(() => {
				work(createStatements(log));
			})
			.immediate();
	});
}

function doubtOf(statements: Statements, id: string): DoubtRow {
	const row = statements.get('SELECT * FROM consortium_doubts WHERE id = @id', {
		id,
	}) as DoubtRow | undefined;

	if (!row) {
		throw new UserError(
			'What was to be decided is no longer in the log.',
			'The last `consortium-tui logs backfill` did not find it again.',
		);
	}

	return row;
}

function noteDecision(
	statements: Statements,
	id: string,
	decision: string | null,
	at: number | null,
): void {
	statements.run(
		`UPDATE consortium_doubts SET decision = @decision, decided_at = @at
		WHERE id = @id`,
		{id, decision, at},
	);
}

function decided(responseId: string, chosen: Proposal | null): PlaceRow {
	return {
		response_id: responseId,
		run_id: chosen?.runId ?? null,
		role: chosen?.role ?? null,
		is_arbiter_response: chosen?.isArbiterResponse ?? 0,
		iteration: chosen?.iteration ?? null,
		instance: chosen?.instance ?? null,
		score: chosen?.score ?? null,
		evidence: JSON.stringify(chosen?.evidence ?? []),
		decided_by: 'person',
		version: backfillVersion,
	};
}

/**
Where persons put responses, by their ids; null for those they put into no run.

@throws UserError when the log is damaged.
*/
export function decidedPlaces(
	log: Log,
): ReadonlyMap<string, Pick<Proposal, 'runId' | 'isArbiterResponse'> | null> {
	const rows = explained(log.name, () =>
		log
			.prepare<
				[],
				{
					responseId: string;
					runId: string | null;
					isArbiterResponse: Proposal['isArbiterResponse'];
				}
			>(
				`SELECT places.response_id AS responseId, places.run_id AS runId,
					places.is_arbiter_response AS isArbiterResponse
				FROM consortium_doubts AS doubts
				JOIN consortium_found_responses AS places
					ON places.response_id = doubts.response_id
				WHERE doubts.decision IS NOT NULL AND places.decided_by = 'person'`,
			)
			.all(),
	);

	return new Map(
		rows.map(({responseId, runId, isArbiterResponse}) => [
			responseId,
			runId === null ? null : {runId, isArbiterResponse},
		]),
	);
}
