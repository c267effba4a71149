import {costsIn} from '../../core/costs.js';
import {type Usage} from '../../core/model.js';
import {type RunKind} from '../../core/events.js';
import {type RunStatus} from '../../core/result.js';
import {paidCalls} from '../../core/paid-calls.js';
import {type CallPicture, type RunState} from '../../core/run-state.js';
import {type Spent} from '../spent.js';

/**
A sum, as far as it is known: null when nothing of it is. It is not whole when a part of it is unknown.
*/
export type Sum = {readonly known: number | null; readonly isWhole: boolean};

export type Use = Readonly<Record<keyof Usage | 'costUsd', Sum>>;

/**
What something took: a call, a run, all calls of one speaker or of one model.
*/
export type CostRow = {
	readonly label: string;
	readonly use: Use;

	/**
	How many attempts broke after their answer had begun. What they took, nobody says.
	*/
	readonly broken: number;
};

export type CallCost = CostRow & {readonly call: CallPicture};

export type RunCost = CostRow & {
	readonly runId: string;

	/**
	Which question of the conversation it is about, from 1.
	*/
	readonly turn: number;
	readonly kind: RunKind;
	readonly consortium: string;

	/**
	It was made in the conversation that this one is a fork of.
	*/
	readonly isBeforeFork: boolean;
	readonly state: RunStatus | 'running' | 'broken off';
	readonly iterations: number;

	/**
	Null while it goes on, and where nobody knows.
	*/
	readonly durationMs: number | null;

	/**
	Those it made itself, in the order they began.
	*/
	readonly calls: readonly CallCost[];
};

export type CostTable = {
	readonly runs: readonly RunCost[];

	/**
	The instances in the order they first spoke, then the arbiters.
	*/
	readonly speakers: readonly CostRow[];
	readonly models: readonly CostRow[];
	readonly total: CostRow;
};

/**
What a conversation took so far. What a run took over from another is counted where it was paid for.
*/
export function costTable({
	pictures,
	liveRunId,
}: Pick<Spent, 'pictures' | 'liveRunId'>): CostTable {
	const own = pictures.at(-1)?.start?.conversationId;
	const runs = pictures
		.filter(({start}) => start !== null)
		.map(picture => ({
			...runCost(picture, picture.runId === liveRunId),
			isBeforeFork: picture.start!.conversationId !== own,
		}));
	const calls = runs.flatMap(run => run.calls);
	const byPart = Map.groupBy(calls, ({call}) =>
		call.start.purpose === 'answer' ? 'members' : 'arbiters',
	);

	return {
		runs,
		speakers: (['members', 'arbiters'] as const).flatMap(part =>
			summedBy(byPart.get(part) ?? [], ({call}) => call.start.speaker),
		),
		models: summedBy(calls, ({call}) => call.start.model),
		total: summed('total', runs),
	};
}

function runCost(
	run: RunState,
	isLive: boolean,
): Omit<RunCost, 'isBeforeFork'> {
	const {runId, start, result, iterations, calls} = run;
	const {prompt, turn, kind, consortium} = start!;
	const {costUsd, costIsComplete} = costsIn(run);
	const own = calls
		.values()
		.filter(({carriedFrom}) => carriedFrom === null)
		.map(call => callCost(call))
		.toArray();

	const row = summed(prompt, own);

	return {
		...row,
		// What was found out costs as well, and is no call.
		use: {...row.use, costUsd: {known: costUsd, isWhole: costIsComplete}},
		runId,
		turn,
		kind,
		consortium: consortium.name,
		state: result?.status ?? (isLive ? 'running' : 'broken off'),
		iterations: iterations.length,
		durationMs: result?.durationMs ?? null,
		calls: own,
	};
}

function callCost(call: CallPicture): CallCost {
	// In the place of a consortium those count that it called.
	const paid = call.nested ? paidCalls(call.nested) : [call];

	return {
		label: call.start.speaker,
		broken: paid.reduce((sum, each) => sum + each.brokenAttempts.length, 0),
		use: paid.reduce((sum, each) => plus(sum, takenBy(each)), nothing),
		call,
	};
}

/**
A call that never left took nothing, whatever it could not tell.
*/
function takenBy({outcome, sentAt, brokenAttempts}: CallPicture): Use {
	const hasLeft = sentAt !== null || outcome?.costUsd !== 0;

	return allOf(key => {
		const known =
			outcome && (key === 'costUsd' ? outcome.costUsd : outcome.usage[key]);
		return {
			known,
			isWhole: brokenAttempts.length === 0 && (known !== null || !hasLeft),
		};
	});
}

function summedBy(
	calls: readonly CallCost[],
	labelOf: (call: CallCost) => string,
): CostRow[] {
	return Map.groupBy(calls, labelOf)
		.entries()
		.map(([label, group]) => summed(label, group))
		.toArray();
}

const summed = (label: string, rows: readonly CostRow[]): CostRow => ({
	label,
	broken: rows.reduce((sum, {broken}) => sum + broken, 0),
	use: rows.reduce((sum, {use}) => plus(sum, use), nothing),
});

const keys = [
	'inputTokens',
	'cachedTokens',
	'cacheWriteTokens',
	'outputTokens',
	'reasoningTokens',
	'costUsd',
] as const satisfies ReadonlyArray<keyof Use>;

function allOf(sumOf: (key: keyof Use) => Sum): Use {
	return Object.fromEntries(keys.map(key => [key, sumOf(key)])) as Use;
}

const nothing = allOf(() => ({known: null, isWhole: true}));

function plus(one: Use, other: Use): Use {
	return allOf(key => {
		const [{known: left}, {known: right}] = [one[key], other[key]];
		return {
			known: left === null ? right : left + (right ?? 0),
			isWhole: one[key].isWhole && other[key].isWhole,
		};
	});
}
