import {type Statements} from '../statements.js';
import {backfillVersion, type FoundRun} from './found.js';
import {isRecordedParent, tellNested} from './parents.js';
import {type DecidedBy} from './places.js';

/**
A found run in the log.
*/
export type RunRow = {
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

	/**
	A `Parent` in JSON.
	*/
	readonly parent: string | null;

	/**
	A `Waiting` in JSON, of `import/records.ts`; null when nothing is missing.
	*/
	readonly record: string | null;
	readonly version: number;
};

export type Finder = Exclude<DecidedBy, 'person'>;

export function rowOf(
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
		parent: run.parent && JSON.stringify(run.parent),
		record: null,
		version: backfillVersion,
	};
}

/**
What the log has of the same run: under its id, under the id by which the plug-in knew it, or, where one of the two has no answer, with the same final arbiter. That an answer goes with this arbiter is no longer so when only older evidence says it.
*/
export function knownAs(
	statements: Statements,
	run: FoundRun,
	decidedBy: Finder,
): RunRow[] {
	const values = {
		id: run.id,
		outputId: run.outputId,
		decidedBy,
		recordedId: run.recordedId,
		arbiterId:
			run.responses.find(each => each.isArbiterResponse === 1)?.responseId ??
			null,
	};

	// Most are unknown, and this tells it ten times as fast.
	const mayBeKnown = statements.get(
		`SELECT 1 WHERE EXISTS (
			SELECT 1 FROM consortium_found_runs WHERE id = @id
		) OR EXISTS (
			SELECT 1 FROM consortium_found_runs WHERE recorded_id = @recordedId
		) OR EXISTS (
			SELECT 1 FROM consortium_found_responses WHERE response_id = @arbiterId
		)`,
		{
			id: values.id,
			recordedId: values.recordedId,
			arbiterId: values.arbiterId,
		},
	);

	if (mayBeKnown === undefined) {
		return [];
	}

	const rows = statements.all(
		`SELECT * FROM consortium_found_runs
		WHERE id = @id OR recorded_id = @recordedId OR id = (
			SELECT run_id FROM consortium_found_responses
			JOIN consortium_found_runs AS run ON run.id = run_id
			WHERE response_id = @arbiterId AND is_arbiter_response = 1 AND (
				run.output_id IS NULL OR @outputId IS NOT NULL
				OR decided_by <> 'evidence' OR @decidedBy <> 'evidence'
			)
		)
		ORDER BY output_id IS NULL, id`,
		values,
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
export function merged(
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
		parent:
			decidedBy === 'record' || isRecordedParent(before.parent)
				? (before.parent ?? row.parent)
				: row.parent,
		record: before.record,
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
Whether nothing is left in the found run `run`, in SQL. The plug-in also records runs in which nobody answered; those are not meant, nor those that only asked other runs.
*/
export const isEmptyRun = `run.recorded_id IS NULL AND NOT EXISTS (
		SELECT 1 FROM consortium_found_responses WHERE run_id = run.id
	) AND NOT EXISTS (
		SELECT 1 FROM consortium_found_runs AS asked
		WHERE asked.parent ->> '$.runId' = run.id
			AND instr(asked.parent, '"recorded"') > 0
	)`;

/**
Give a run the rows of another that turned out to be the same, and what a person is to decide or has decided about it.
*/
export function moveRun(
	statements: Statements,
	from: string,
	to: string,
): void {
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
	tellNested(statements, from, to);
	statements.run('DELETE FROM consortium_found_runs WHERE id = @from', {from});
}
