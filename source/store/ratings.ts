import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';
import {explained} from './store-error.js';

/**
How good the answer of a run is, or that of one call in it.
*/
export type Rating = {
	readonly id: string;
	readonly runId: string;

	/**
	Null for the answer of the whole run.
	*/
	readonly callId: string | null;
	readonly source: 'person' | 'arbiter' | 'benchmark';

	/**
	From 0, bad, to 1, good.
	*/
	readonly score: number;

	/**
	Milliseconds since the Unix epoch.
	*/
	readonly at: number;
};

/**
Keep a person's rating, in the place of an earlier one of the same answer.

@throws UserError when the run is not in the log, or the log is damaged.
*/
export function rate(log: Log, rating: Omit<Rating, 'source'>): void {
	const {runId} = rating;

	const replace = log.transaction(() => {
		if (
			log
				.prepare<[string]>('SELECT 1 FROM consortium_runs WHERE id = ?')
				.get(runId) === undefined
		) {
			throw new UserError(
				`The run ${runId} is not in the log.`,
				'Only what is logged can be rated: see `consortium-tui logs status`.',
			);
		}

		log
			.prepare(
				`DELETE FROM consortium_ratings
				WHERE run_id = @runId AND call_id IS @callId AND source = 'person'`,
			)
			.run(rating);
		log
			.prepare(
				`INSERT INTO consortium_ratings (id, run_id, call_id, source, score, at)
				VALUES (@id, @runId, @callId, 'person', @score, @at)`,
			)
			.run(rating);
	});

	explained(log.name, () => {
		replace.immediate();
	});
}

/**
The ratings of a run and of its calls, oldest first.

@throws UserError when the log is damaged.
*/
export function ratingsOf(log: Log, runId: string): Rating[] {
	return explained(log.name, () =>
		log
			.prepare<[string], Rating>(
				`SELECT id, run_id AS runId, call_id AS callId, source, score, at
				FROM consortium_ratings WHERE run_id = ? ORDER BY at, id`,
			)
			.all(runId),
	);
}
