import {type Log} from '../log.js';
import {createStatements, type Statements} from '../statements.js';
import {explained} from '../store-error.js';
import {backfillVersion, type FoundResponse, type FoundRun} from './found.js';
import {
	clearPlace,
	isOurs,
	placeOf,
	setPlace,
	type DecidedBy,
	type PlaceRow,
} from './places.js';
import {withoutReindexing} from './without-reindexing.js';

type RunRow = {
	readonly id: string;
	readonly output_id: string | null;
	readonly recorded_id: string | null;
	readonly consortium: string | null;
	readonly arbiter: string | null;
	readonly prompt: string;
	readonly confidence: number | null;
	readonly iterations: number;
	readonly started_at: number;
	readonly duration_ms: number | null;

	/**
	A list in JSON.
	*/
	readonly problems: string;
	readonly version: number;
};

type Finder = Exclude<DecidedBy, 'person'>;

/**
Keep runs of the Python plug-in that it recorded, or that were found by evidence, in one transaction; a second time changes nothing.

What a person decided stays. Evidence changes nothing that was recorded, and a record nothing that another one says; newer evidence takes the place of older. A run that was known without its answer, and is found with it, takes on the answer's id. Responses of our own runs are left alone. Returns the ids under which the runs are kept.

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
					return runs.map(run => keepRun(statements, run, decidedBy));
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
The id under which it is kept.
*/
function keepRun(
	statements: Statements,
	run: FoundRun,
	decidedBy: Finder,
): string {
	const known = knownAs(statements, run);
	const outputId =
		run.outputId ?? known.find(each => each.output_id)?.output_id ?? null;
	const id = outputId ?? known[0]?.id ?? run.id;
	const before = known.find(each => each.id === id) ?? known[0] ?? null;
	const row = rowOf(run, {id, outputId});

	statements.insert(
		'consortium_found_runs',
		before === null ? row : merged(statements, {row, before, run, decidedBy}),
		`ON CONFLICT (id) DO UPDATE SET
			output_id = excluded.output_id, recorded_id = excluded.recorded_id,
			consortium = excluded.consortium, arbiter = excluded.arbiter,
			prompt = excluded.prompt, confidence = excluded.confidence,
			iterations = excluded.iterations, started_at = excluded.started_at,
			duration_ms = excluded.duration_ms, problems = excluded.problems,
			version = excluded.version`,
	);

	for (const each of known) {
		if (each.id !== id) {
			moveRun(statements, each.id, id);
		}
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
What the log has of the same run: under its id, under the id by which the plug-in knew it, or, where one of the two has no answer, with the same final arbiter.
*/
function knownAs(statements: Statements, run: FoundRun): RunRow[] {
	const rows = statements.all(
		`SELECT * FROM consortium_found_runs
		WHERE id = @id OR recorded_id = @recordedId OR id = (
			SELECT run_id FROM consortium_found_responses
			WHERE response_id = @arbiterId AND is_arbiter_response = 1
		)
		ORDER BY output_id IS NULL, id`,
		{
			id: run.id,
			recordedId: run.recordedId,
			arbiterId:
				run.responses.find(each => each.isArbiterResponse === 1)?.responseId ??
				null,
		},
	) as RunRow[];

	return rows.filter(
		row =>
			row.id === run.id ||
			(areAlike(row.output_id, run.outputId) &&
				areAlike(row.recorded_id, run.recordedId)),
	);
}

const areAlike = (one: string | null, other: string | null) =>
	one === null || other === null || one === other;

/**
Who knows less only fills the gaps: evidence beside a record, and a run without its answer beside the same with it.
*/
function merged(
	statements: Statements,
	{
		row,
		before,
		run,
		decidedBy,
	}: {
		readonly row: RunRow;
		readonly before: RunRow;
		readonly run: FoundRun;
		readonly decidedBy: Finder;
	},
): RunRow {
	const isLess =
		(run.outputId === null && before.output_id !== null) ||
		(decidedBy === 'evidence' && isRecorded(statements, before));
	const [more, less] = isLess ? [before, row] : [row, before];

	return {
		...row,
		recorded_id: row.recorded_id ?? before.recorded_id,
		consortium: more.consortium ?? less.consortium,
		arbiter: more.arbiter ?? less.arbiter,
		prompt: more.prompt,
		confidence: more.confidence ?? less.confidence,
		iterations: more.iterations,
		started_at: more.started_at,
		duration_ms: more.duration_ms ?? less.duration_ms,
		problems: more.problems,
	};
}

function isRecorded(
	statements: Statements,
	{id, recorded_id}: RunRow,
): boolean {
	return (
		recorded_id !== null ||
		statements.get(
			`SELECT 1 FROM consortium_found_responses
			WHERE run_id = @id AND decided_by = 'record'`,
			{id},
		) !== undefined
	);
}

/**
Give a run the rows of another that turned out to be the same, and what a person is to decide or has decided about it.
*/
function moveRun(statements: Statements, from: string, to: string): void {
	const ids = {from, to};
	statements.run(
		`UPDATE responses SET consortium_id = @to WHERE id IN (
			SELECT response_id FROM consortium_found_responses WHERE run_id = @from
		)`,
		ids,
	);
	statements.run(
		`UPDATE consortium_found_responses SET run_id = @to WHERE run_id = @from`,
		ids,
	);
	statements.run(
		`UPDATE consortium_doubts SET
			run_id = iif(run_id = @from, @to, run_id),
			proposals = replace(proposals, json_quote(@from), json_quote(@to)),
			decision = replace(decision, json_quote(@from), json_quote(@to))
		WHERE run_id = @from OR instr(proposals, json_quote(@from)) > 0`,
		ids,
	);
	statements.run('DELETE FROM consortium_found_runs WHERE id = @from', {from});
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
Drop a run in which nothing is left. The plug-in also records runs in which nobody answered; those stay.
*/
function dropEmpty(statements: Statements, id: string | null): void {
	statements.run(
		`DELETE FROM consortium_found_runs
		WHERE id = @id AND recorded_id IS NULL AND NOT EXISTS (
			SELECT 1 FROM consortium_found_responses WHERE run_id = @id
		)`,
		{id},
	);
}

function rowOf(
	run: FoundRun,
	{id, outputId}: {readonly id: string; readonly outputId: string | null},
): RunRow {
	return {
		id,
		output_id: outputId,
		recorded_id: run.recordedId,
		consortium: run.consortium,
		arbiter: run.arbiter,
		prompt: run.prompt,
		confidence: run.confidence,
		iterations: run.iterations,
		started_at: run.startedAt,
		duration_ms: run.durationMs,
		problems: JSON.stringify(run.problems),
		version: backfillVersion,
	};
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
