import {type Log} from './log.js';

/**
What a deletion takes out of the log.
*/
export type Doomed = {
	/**
	Those something is taken out of, whether all or a part.
	*/
	readonly conversations: number;

	/**
	Those of ours and those that were found in the logs of other programs.
	*/
	readonly runs: number;

	/**
	Of members, arbiters and runs, and those that belong to no run.
	*/
	readonly responses: number;

	/**
	When the first and the last of it began, in milliseconds since the Unix epoch; null when nothing tells.
	*/
	readonly firstAt: number | null;
	readonly lastAt: number | null;

	/**
	The beginnings of the first questions, a few.
	*/
	readonly questions: readonly string[];

	/**
	US dollars, of what the log knows; null when it knows nothing.
	*/
	readonly costUsd: number | null;
	readonly costIsComplete: boolean;

	/**
	Conversations that were meant too and stay, since they go on right now, or others that stay build on them.
	*/
	readonly staying: number;
};

/**
How much goes.
*/
export type Amount = Pick<Doomed, 'conversations' | 'runs' | 'responses'>;

const fewQuestions = 3;
const questionLength = 500;

/**
How much is in the table of what goes.
*/
export function amountOf(log: Log): Amount {
	return log
		.prepare<[], Amount>(
			`SELECT
				(SELECT count(DISTINCT coalesce(doomed.chat, conversation_id))
					FROM temp.doomed LEFT JOIN responses ON responses.id = doomed.id
					WHERE doomed.kind = 'run') AS conversations,
				(SELECT count(*) FROM temp.doomed
					JOIN consortium_runs AS runs ON runs.id = doomed.id
					WHERE doomed.kind = 'run') +
				(SELECT count(*) FROM temp.doomed
					JOIN consortium_found_runs AS runs ON runs.id = doomed.id
					WHERE doomed.kind = 'run') AS runs,
				(SELECT count(*) FROM temp.doomed
					JOIN responses ON responses.id = doomed.id
					WHERE doomed.kind = 'response') AS responses`,
		)
		.get()!;
}

/**
What is in the table of what goes, for a person to decide.
*/
export function summary(log: Log, staying: number): Doomed {
	const times = log
		.prepare<[], Pick<Doomed, 'firstAt' | 'lastAt'>>(
			`SELECT min(at) AS firstAt, max(at) AS lastAt FROM (${unitsSql})`,
		)
		.get()!;
	const costs = log
		.prepare<[], {costUsd: number | null; unknownCosts: number | null}>(
			`SELECT
				sum((SELECT sum(cost_usd) FROM consortium_calls WHERE run_id = runs.id)) AS costUsd,
				sum(coalesce(cost_is_complete, 0) = 0) AS unknownCosts
			FROM temp.doomed JOIN consortium_runs AS runs ON runs.id = doomed.id
			WHERE doomed.kind = 'run' AND simulated = 0`,
		)
		.get()!;
	const questions = log
		.prepare<[], string>(
			`SELECT substr(CAST(prompt AS TEXT), 1, ${questionLength})
			FROM (${unitsSql}) ORDER BY at IS NULL, at LIMIT ${fewQuestions}`,
		)
		.pluck()
		.all();
	const {unknownCosts, ...known} = {...amountOf(log), ...times, ...costs};

	return {
		...known,
		questions,
		costIsComplete: (unknownCosts ?? 0) === 0,
		staying,
	};
}

/**
What goes as a whole, with its time and its question.
*/
const unitsSql = `
	SELECT started_at AS at, prompt
	FROM temp.doomed JOIN consortium_runs AS runs ON runs.id = doomed.id
	WHERE doomed.kind = 'run'
	UNION ALL
	SELECT started_at, prompt
	FROM temp.doomed JOIN consortium_found_runs AS runs ON runs.id = doomed.id
	WHERE doomed.kind = 'run'
	UNION ALL
	SELECT CASE typeof(datetime_utc)
		WHEN 'text' THEN unixepoch(datetime_utc) * 1000 END, prompt
	FROM temp.doomed JOIN responses AS lone ON lone.id = doomed.id
	WHERE doomed.kind = 'run'
		AND NOT EXISTS (SELECT 1 FROM consortium_runs WHERE id = lone.id)
		AND NOT EXISTS (SELECT 1 FROM consortium_found_runs WHERE id = lone.id)`;
