import {type Log} from '../log.js';
import {createStatements, type Statements} from '../statements.js';
import {explained} from '../store-error.js';
import {backfillVersion, type FoundResponse, type FoundRun} from './found.js';
import {
	clearPlace,
	isLogged,
	isOurs,
	placeOf,
	setPlace,
	type DecidedBy,
	type PlaceRow,
} from './places.js';
import {
	isAnswerElsewhere,
	parentOf,
	tellNested,
	tellParent,
} from './parents.js';
import {
	isEmptyRun,
	knownAs,
	merged,
	moveRun,
	rowOf,
	type Finder,
} from './run-rows.js';
import {withoutReindexing} from './without-reindexing.js';

/**
Keep runs of the Python plug-in that it recorded, or that were found by evidence, in one transaction; a second time changes nothing.

What a person decided stays. Evidence changes nothing that was recorded, and a record nothing that another one says; newer evidence takes the place of older. A run that was known without its answer, and is found with it, takes on the answer's id. Responses of our own runs are left alone, and so is what was deleted since evidence of it was read. Returns the ids under which the runs are kept.

@throws UserError when the log is locked, full or damaged.
*/
export function keepFoundRuns(
	log: Log,
	runs: readonly FoundRun[],
	decidedBy: Finder,
): string[] {
	return explained(log.name, () =>
		log
			.transaction(() =>
				withoutReindexing(log, () => {
					const statements = createStatements(log);
					const kept = runs.flatMap(found => {
						const run =
							decidedBy === 'evidence' ? stillThere(statements, found) : found;
						return run === null
							? []
							: [{from: run.id, id: keepRun(statements, run, decidedBy)}];
					});

					for (const {from, id} of kept) {
						if (id !== from) {
							tellNested(statements, from, id);
						}
					}

					return kept.map(({id}) => id);
				}),
			)
			.immediate(),
	);
}

/**
Take out what older evidence said and a whole search did not find again: whatever evidence placed in runs other than those of `found`.

@throws UserError when the log is locked, full or damaged.
*/
export function forgetUnfound(log: Log, found: ReadonlySet<string>): void {
	explained(log.name, () => {
		log
			.transaction(() => {
				withoutReindexing(log, () => {
					const statements = createStatements(log);
					const placed = statements.all(
						`SELECT DISTINCT run_id FROM consortium_found_responses
						WHERE decided_by = 'evidence'`,
						{},
					) as Array<{run_id: string}>;

					for (const {run_id: runId} of placed) {
						if (!found.has(runId)) {
							clearPlaces(statements, runId, new Set());
							dropEmpty(statements, runId);
						}
					}
				});
			})
			.immediate();
	});
}

/**
A run without what was deleted since it was found; null when what it is known by is gone, its answer or else its final arbiter, or all of it.
*/
function stillThere(statements: Statements, run: FoundRun): FoundRun | null {
	const key =
		run.outputId ??
		run.responses.find(each => each.isArbiterResponse === 1)?.responseId ??
		null;
	const responses = run.responses.filter(({responseId}) =>
		isLogged(statements, responseId),
	);

	return (key !== null && !isLogged(statements, key)) ||
		(responses.length === 0 && run.responses.length > 0)
		? null
		: {...run, responses};
}

/**
The id under which it is kept.
*/
function keepRun(
	statements: Statements,
	run: FoundRun,
	decidedBy: Finder,
): string {
	const known = knownAs(statements, run, decidedBy);
	const outputId =
		run.outputId ?? known.find(each => each.output_id)?.output_id ?? null;
	const id = outputId ?? known[0]?.id ?? run.id;
	const before = known.find(each => each.id === id) ?? known[0] ?? null;
	const row = rowOf(run, {id, outputId});
	const asked =
		outputId === null ? null : recordedElsewhere(statements, outputId);

	statements.insert(
		'consortium_found_runs',
		{
			...(before === null
				? row
				: merged(statements, {row, before, run, decidedBy})),
			...(asked && {parent: parentOf(asked)}),
		},
		`ON CONFLICT (id) DO UPDATE SET
			output_id = excluded.output_id, recorded_id = excluded.recorded_id,
			consortium = excluded.consortium, arbiter = excluded.arbiter,
			prompt = excluded.prompt, confidence = excluded.confidence,
			iterations = excluded.iterations, started_at = excluded.started_at,
			duration_ms = excluded.duration_ms, problems = excluded.problems,
			parent = excluded.parent, record = excluded.record,
			version = excluded.version`,
	);

	for (const each of known) {
		if (each.id !== id) {
			moveRun(statements, each.id, id);
		}
	}

	if (asked) {
		clearPlace(statements, asked.response_id);
	}

	if (decidedBy === 'evidence') {
		clearPlaces(
			statements,
			id,
			new Set(run.responses.map(({responseId}) => responseId)),
		);
	}

	for (const response of run.responses) {
		place(statements, placeRowOf(response, id, decidedBy));
	}

	dropEmpty(statements, id);

	return id;
}

/**
How many imported answers have a place in a run that a record or a person gave them, and how many have none.

@throws UserError when the log is damaged.
*/
export function countPlaces(log: Log): {
	readonly recorded: number;
	readonly decided: number;
	readonly runless: number;
} {
	return explained(log.name, () =>
		log
			.prepare<[], {recorded: number; decided: number; runless: number}>(
				`SELECT count(*) FILTER (WHERE decided_by = 'record') AS recorded,
						count(*) FILTER (WHERE decided_by = 'person') AS decided,
						(SELECT count(*) FROM consortium_imported) - count(*)
							+ count(*) FILTER (
								WHERE decided_by <> 'person' AND run_id IS NULL
							) AS runless
					FROM consortium_found_responses
					WHERE response_id IN (SELECT response_id FROM consortium_imported)`,
			)
			.get()!,
	);
}

/**
Take whatever evidence placed in a run out of it, but for some.
*/
function clearPlaces(
	statements: Statements,
	runId: string,
	but: ReadonlySet<string>,
): void {
	const placed = statements.all(
		`SELECT response_id FROM consortium_found_responses
		WHERE run_id = @runId AND decided_by = 'evidence'`,
		{runId},
	) as Array<{response_id: string}>;

	for (const {response_id: responseId} of placed) {
		if (!but.has(responseId)) {
			clearPlace(statements, responseId);
		}
	}
}

const ranks = {
	evidence: 0,
	record: 1,
	person: 2,
} as const satisfies Record<DecidedBy, number>;

/**
Give a response its place, unless what is said of it already weighs more.
*/
function place(statements: Statements, row: PlaceRow): void {
	const {response_id: responseId, run_id: runId, decided_by: decidedBy} = row;
	const before = placeOf(statements, responseId);

	if (decidedBy === 'record' && isAnswerElsewhere(before, row)) {
		tellParent(statements, responseId, parentOf(row));
		return;
	}

	const isFree =
		before === null
			? !isOurs(statements, responseId)
			: ranks[before.decided_by] < ranks[decidedBy] ||
				(before.decided_by === decidedBy &&
					(decidedBy === 'evidence' || before.run_id === runId));

	if (!isFree) {
		return;
	}

	setPlace(statements, row);

	if (before !== null && before.run_id !== runId) {
		dropEmpty(statements, before.run_id);
	}
}

/**
Where a record has the output of a run as the call of another.
*/
function recordedElsewhere(
	statements: Statements,
	outputId: string,
): PlaceRow | null {
	const before = placeOf(statements, outputId);
	return before?.decided_by === 'record' && before.role !== 'output'
		? before
		: null;
}

/**
Drop a run in which nothing is left.
*/
function dropEmpty(statements: Statements, id: string | null): void {
	statements.run(
		`DELETE FROM consortium_found_runs AS run WHERE id = @id AND ${isEmptyRun}`,
		{id},
	);
}

function placeRowOf(
	response: FoundResponse,
	runId: string,
	decidedBy: Finder,
): PlaceRow {
	return {
		response_id: response.responseId,
		run_id: runId,
		role: response.role,
		is_arbiter_response: response.isArbiterResponse,
		iteration: response.iteration,
		instance: response.instance,
		score: response.score,
		evidence: JSON.stringify(response.evidence),
		decided_by: decidedBy,
		version: backfillVersion,
	};
}
