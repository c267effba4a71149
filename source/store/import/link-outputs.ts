import {type FoundRun} from '../backfill/found.js';
import {keepFoundRuns} from '../backfill/keep.js';
import {type Log} from '../log.js';
import {createOutputFinder, type Row} from './output-finder.js';
import {outputPlace} from './recorded-run.js';

type Waiting = Omit<FoundRun, 'problems' | 'responses'> & {
	readonly problems: string;
};

/**
Give recorded runs that came without their output the one that has come since, as importing them afterwards would have done, some at a time: how many, each time.

@throws UserError when the log is locked, full or damaged.
*/
export function* linkOutputs(log: Log): Generator<number, void, void> {
	const outputOf = createOutputFinder(log);
	const waiting = log.prepare<[string], Waiting>(
		`SELECT id, recorded_id AS recordedId, consortium, arbiter, prompt,
			confidence, iterations, started_at AS startedAt,
			duration_ms AS durationMs, problems
		FROM consortium_found_runs
		WHERE recorded_id IS NOT NULL AND output_id IS NULL AND id > ?
		ORDER BY id LIMIT 200`,
	);
	let last = '';

	for (;;) {
		const runs = waiting.all(last);

		if (runs.length === 0) {
			return;
		}

		last = runs.at(-1)!.id;
		keepFoundRuns(
			log,
			runs.flatMap(run => {
				const output = outputOf(run.recordedId, run.startedAt);
				return output ? [withOutput(run, output)] : [];
			}),
			'record',
		);
		yield runs.length;
	}
}

function withOutput(run: Waiting, output: Row): FoundRun {
	return {
		...run,
		id: output.id,
		outputId: output.id,
		consortium: run.consortium ?? output.model,
		prompt: run.prompt === '' ? output.prompt : run.prompt,
		durationMs: run.durationMs ?? output.duration_ms,
		responses: [outputPlace(output.id)],
		problems: JSON.parse(run.problems) as string[],
	};
}
