import {
	type Doubt,
	type Evidence,
	type FoundRun,
} from '../../store/backfill/found.js';
import {countText} from '../../text/phrases.js';

/**
What a search for runs came to.
*/
export type Tally = {
	runs: number;
	withoutAnswer: number;
	answers: number;
	finalArbiters: number;
	earlierArbiters: number;
	members: number;
	doubts: number;

	/**
	How often each kind of evidence spoke for a place.
	*/
	evidence: Partial<Record<Evidence, number>>;
	readonly rows: number;
	readonly durationMs: number;
};

/**
Count what is found, as it is found.
*/
export function createTally(): {
	readonly add: (found: FoundRun | Doubt) => void;

	/**
	What there is, of so many rows in so many milliseconds.
	*/
	readonly total: (rows: number, durationMs: number) => Tally;
} {
	const tally: Omit<Tally, 'rows' | 'durationMs'> = {
		runs: 0,
		withoutAnswer: 0,
		answers: 0,
		finalArbiters: 0,
		earlierArbiters: 0,
		members: 0,
		doubts: 0,
		evidence: {},
	};

	return {
		add(found) {
			if (!('responses' in found)) {
				tally.doubts++;
				return;
			}

			tally.runs++;
			tally.withoutAnswer += found.outputId === null ? 1 : 0;

			for (const {role, isArbiterResponse, evidence} of found.responses) {
				tally.finalArbiters += isArbiterResponse === 1 ? 1 : 0;
				tally.earlierArbiters += isArbiterResponse === 2 ? 1 : 0;
				tally.answers += role === 'output' ? 1 : 0;
				tally.members += role === 'member' ? 1 : 0;

				for (const kind of evidence) {
					tally.evidence[kind] = (tally.evidence[kind] ?? 0) + 1;
				}
			}
		},
		total: (rows, durationMs) => ({...tally, rows, durationMs}),
	};
}

/**
What was found, in sentences; `isVerbose` adds what spoke for it, and how long it took.
*/
export function tallyLines(tally: Tally, isVerbose: boolean): string[] {
	const {runs, withoutAnswer, rows} = tally;

	if (runs === 0) {
		return [
			`No run of a consortium was found in ${many(rows, 'answer')}.`,
			...(isVerbose ? [speedLine(tally)] : []),
		];
	}

	const roles = [
		many(tally.answers, 'final answer'),
		many(tally.finalArbiters, 'final arbiter'),
		many(tally.earlierArbiters, 'earlier arbiter'),
		many(tally.members, 'member'),
	];
	const evidence = Object.entries(tally.evidence)
		.toSorted(([, a], [, b]) => b - a)
		.map(([kind, count]) => `${kind} ${countText(count)}`);

	return [
		`Found ${many(runs, 'run')} in ${many(rows, 'answer')}: ${roles.join(', ')}.${withoutAnswer === 0 ? '' : ` The final answer of ${many(withoutAnswer, 'run')} is not there.`}`,
		...(isVerbose
			? [
					`What speaks for the places, and how often: ${evidence.join(', ')}.`,
					speedLine(tally),
				]
			: []),
	];
}

function speedLine({rows, durationMs}: Tally): string {
	const rate = rows / Math.max(0.001, durationMs / 1000);
	return `Looked at ${countText(Math.round(rate))} answers a second.`;
}

/**
What is uncertain, and what to do about it.
*/
export function doubtLines(count: number, whatToDo: string): string[] {
	return count === 0
		? []
		: [
				`${many(count, 'finding')} ${count === 1 ? 'is' : 'are'} uncertain ${whatToDo}`,
			];
}

/**
What was left as it is, and why; null for a reason that there was not.
*/
export function leftLines(reasons: ReadonlyArray<string | null>): string[] {
	const given = reasons.filter(reason => reason !== null);
	return given.length === 0 ? [] : [`Left alone: ${given.join('; ')}.`];
}

export function many(count: number, word: string): string {
	return `${countText(count)} ${word}${count === 1 ? '' : 's'}`;
}
