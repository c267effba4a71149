import {type Usage} from '../../core/model.js';
import {
	type CallOutcome,
	type RunResult,
	type RunStatus,
} from '../../core/result.js';
import {type RunState} from '../../core/run-state.js';
import {type TurnView} from '../turn-view.js';

/**
A sum, as far as it is known: null when nothing of it is. It is not whole when a part of it is unknown.
*/
export type Sum = {readonly known: number | null; readonly isWhole: boolean};

export type Use = Readonly<Record<keyof Usage | 'costUsd', Sum>>;

/**
A run, or what one speaker took in all runs of the conversation.
*/
export type CostRow = {
	readonly label: string;

	/**
	Null for speakers.
	*/
	readonly run: {
		/**
		Which question it is about, from 1.
		*/
		readonly turn: number;
		readonly kind: TurnView['kind'];
		readonly consortium: string;
		readonly state: RunStatus | 'running' | 'broken off';
		readonly iterations: number | null;

		/**
		Null while it goes on, and where nobody knows.
		*/
		readonly durationMs: number | null;
	} | null;
	readonly use: Use;
};

export type CostTable = {
	readonly runs: readonly CostRow[];
	readonly speakers: readonly CostRow[];
	readonly total: CostRow;
};

const tokenKeys = [
	'inputTokens',
	'cachedTokens',
	'cacheWriteTokens',
	'outputTokens',
	'reasoningTokens',
] as const satisfies ReadonlyArray<keyof Usage>;

/**
What a conversation took so far: its settled turns, and the run that goes on from its picture. What a run took over from the one it was made from is not counted again.
*/
export function costTable(
	turns: readonly TurnView[],
	picture: RunState,
): CostTable {
	const speakers = new Map<string, Use>();
	const runs: CostRow[] = [];
	const note = (speaker: string, use: Use) => {
		speakers.set(speaker, plus(speakers.get(speaker) ?? nothing, use));
	};

	for (const [index, turn] of turns.entries()) {
		const before = runs.at(-1)?.run?.turn ?? 0;
		const isAgain =
			turn.kind !== 'ask' && turns[index - 1]?.prompt === turn.prompt;
		runs.push(settledRow(turn, isAgain ? before : before + 1, note));
	}

	const {start, result, iterations} = picture;

	if (start && !result) {
		const own = ownCalls(picture);

		for (const {speaker, use} of own) {
			note(speaker, use);
		}

		runs.push({
			label: start.prompt,
			run: {
				turn: start.turn,
				kind: start.kind,
				consortium: start.consortium.name,
				state: 'running',
				iterations: iterations.length,
				durationMs: null,
			},
			use: sumOf(own.map(({use}) => use)),
		});
	}

	return {
		runs,
		speakers: [...speakers].map(([label, use]) => ({label, run: null, use})),
		total: {
			label: 'total',
			run: null,
			use: sumOf(runs.map(({use}) => use)),
		},
	};
}

function settledRow(
	{prompt, kind, consortium, result}: TurnView,
	turn: number,
	note: (speaker: string, use: Use) => void,
): CostRow {
	const run = {turn, kind, consortium};

	if (!result) {
		return {
			label: prompt,
			run: {...run, state: 'broken off', iterations: null, durationMs: null},
			use: unknown,
		};
	}

	const own = result.iterations
		.flatMap(({instances}) => instances)
		.filter(({carriedFrom}) => carriedFrom === null)
		.map(instance => ({speaker: instance.id, use: useOf(instance)}));

	for (const {speaker, use} of own) {
		note(speaker, use);
	}

	const members = sumOf(own.map(({use}) => use));
	const arbiter = arbiterUse(result, members);

	if (arbiter) {
		note('arbiter', arbiter);
	}

	return {
		label: prompt,
		run: {
			...run,
			state: result.status,
			iterations: result.iterations.length,
			durationMs: result.durationMs,
		},
		use: arbiter ? plus(members, arbiter) : members,
	};
}

/**
A verdict does not say what it took: it is what the members did not take of the whole. Null where nothing was weighed.
*/
function arbiterUse(
	{usage, costUsd, costIsComplete, iterations}: RunResult,
	members: Use,
): Use | null {
	if (iterations.every(({verdicts}) => verdicts.length === 0)) {
		return null;
	}

	const rest = (key: keyof Use, all: number | null) =>
		(all ?? 0) - (members[key].known ?? 0);

	// Whoever read nothing did not say what it read.
	const isTold = rest('inputTokens', usage.inputTokens) > 0;
	const cost = rest('costUsd', costUsd);
	// Sums of fractions are off by a little.
	const isCharged = cost > 1e-9;

	return allOf(key => {
		if (key !== 'costUsd') {
			const known =
				isTold && usage[key] !== null ? rest(key, usage[key]) : null;
			return {known, isWhole: known !== null};
		}

		return costIsComplete
			? {known: isCharged ? cost : 0, isWhole: true}
			: {
					known: isCharged ? cost : null,
					isWhole: isCharged && !members.costUsd.isWhole,
				};
	});
}

function ownCalls({calls}: RunState): Array<{speaker: string; use: Use}> {
	return calls
		.values()
		.filter(({carriedFrom}) => carriedFrom === null)
		.map(({start, outcome, brokenAttempts}) => ({
			speaker: start.purpose === 'answer' ? start.speaker : 'arbiter',
			use: outcome ? useOf({...outcome, brokenAttempts}) : unknown,
		}))
		.toArray();
}

/**
What an attempt that broke had cost, nobody says.
*/
function useOf({
	usage,
	costUsd,
	brokenAttempts,
}: Pick<CallOutcome, 'usage' | 'costUsd' | 'brokenAttempts'>): Use {
	return allOf(key => {
		const known = key === 'costUsd' ? costUsd : usage[key];
		return {
			known,
			isWhole:
				known !== null && (key !== 'costUsd' || brokenAttempts.length === 0),
		};
	});
}

function allOf(sumOf: (key: keyof Use) => Sum): Use {
	return Object.fromEntries(
		[...tokenKeys, 'costUsd' as const].map(key => [key, sumOf(key)]),
	) as Use;
}

const nothing = allOf(() => ({known: null, isWhole: true}));
const unknown = allOf(() => ({known: null, isWhole: false}));

const sumOf = (uses: readonly Use[]) =>
	uses.reduce((sum, use) => plus(sum, use), nothing);

function plus(one: Use, other: Use): Use {
	return allOf(key => {
		const [{known: left}, {known: right}] = [one[key], other[key]];
		return {
			known: left === null ? right : left + (right ?? 0),
			isWhole: one[key].isWhole && other[key].isWhole,
		};
	});
}
