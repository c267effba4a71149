import {isDeepStrictEqual} from 'node:util';
import {type SavedConsortium} from '../core/consortium.js';
import {
	speakersOf,
	spreadOf,
	type History,
	type OutputHistory,
} from '../core/history.js';
import {noConsortiums, type Consortiums} from '../core/nesting.js';
import {type Log} from './log.js';
import {explained} from './store-error.js';

/**
So many calls of a model are taken, out of so many that are looked at: the work does not grow with the log.
*/
const mostCalls = 100;
const mostCallsSeen = 300;

const mostRuns = 50;

type Known = Pick<
	SavedConsortium,
	| 'name'
	| 'members'
	| 'arbiters'
	| 'confidenceThreshold'
	| 'minIterations'
	| 'maxIterations'
	| 'stop'
>;

/**
How long the latest replies of a consortium's models were, and after how many iterations its latest runs ended by themselves.

@throws UserError when the log is damaged.
*/
export function usageHistory(
	log: Log,
	consortium: Known,
	consortiums: Consortiums = noConsortiums,
): History {
	return explained(log.name, () => ({
		outputs: speakersOf(consortium, consortiums).flatMap(
			speaker => outputsOf(log, speaker) ?? [],
		),
		iterations: iterationsOf(log, consortium),
	}));
}

function outputsOf(
	log: Log,
	speaker: Pick<OutputHistory, 'model' | 'purpose'>,
): OutputHistory | null {
	const rows = log
		.prepare<
			[typeof speaker & {seen: number; limit: number}],
			{tokens: number; characters: number}
		>(
			`SELECT calls.output_tokens AS tokens, length(response) AS characters
			FROM (
				SELECT id, state, output_tokens FROM consortium_calls
				WHERE model = @model AND purpose = @purpose
				ORDER BY id DESC LIMIT @seen
			) AS calls
			JOIN responses ON responses.id = calls.id
			WHERE state IN ('answered', 'truncated')
				AND calls.output_tokens IS NOT NULL
			ORDER BY calls.id DESC LIMIT @limit`,
		)
		.all({...speaker, seen: mostCallsSeen, limit: mostCalls});

	return rows.length === 0
		? null
		: {
				...speaker,
				calls: rows.length,
				tokens: spreadOf(rows.map(({tokens}) => tokens)),
				characters: spreadOf(rows.map(({characters}) => characters)),
			};
}

/**
The last verdict tells the iteration a run ended in, without a look at its calls.
*/
function iterationsOf(log: Log, consortium: Known): number[] {
	return log
		.prepare<
			{name: string; limit: number},
			{iteration: number; config: string}
		>(
			`SELECT iteration, config FROM (
				SELECT config, (
					SELECT iteration FROM consortium_verdicts
					WHERE run_id = runs.id ORDER BY seq DESC LIMIT 1
				) AS iteration
				FROM (
					SELECT id, kind, status, config, simulated FROM consortium_runs
					WHERE consortium = @name ORDER BY id DESC LIMIT @limit
				) AS runs
				WHERE kind = 'ask' AND simulated = 0
					AND status IN ('converged', 'unconverged', 'degraded')
			) WHERE iteration IS NOT NULL`,
		)
		.all({name: consortium.name, limit: mostRuns})
		.filter(({config}) =>
			isDeepStrictEqual(
				makingOf(JSON.parse(config) as SavedConsortium),
				makingOf(consortium),
			),
		)
		.map(({iteration}) => iteration);
}

/**
What decides how many iterations a run takes. Many consortiums share a name, and those without one all do.
*/
function makingOf({
	members,
	arbiters,
	confidenceThreshold,
	minIterations,
	maxIterations,
	stop,
}: Known): unknown {
	return [
		members.map(({model, count}) => [model, count]),
		arbiters.map(({model}) => model),
		confidenceThreshold,
		minIterations,
		maxIterations,
		stop,
	];
}
