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
The same in sentences.
*/
export function tallyLines(tally: Tally): string[] {
	const {runs, withoutAnswer, finalArbiters, earlierArbiters, members} = tally;
	const rate = tally.rows / Math.max(0.001, tally.durationMs / 1000);

	return [
		`Looked at ${many(tally.rows, 'answer')}, ${countText(Math.round(rate))} a second.`,
		runs === 0
			? 'No run of a consortium was found in them.'
			: `${many(runs, 'run')}${withoutAnswer === 0 ? '' : ` (${withoutAnswer} without its final answer)`}: ${many(finalArbiters, 'final arbiter')}, ${many(earlierArbiters, 'earlier arbiter')}, ${many(members, 'member')}.`,
		...(runs === 0
			? []
			: [
					`Evidence: ${Object.entries(tally.evidence)
						.toSorted(([, a], [, b]) => b - a)
						.map(([kind, count]) => `${kind} ${count}`)
						.join(', ')}.`,
				]),
	];
}

export function many(count: number, word: string): string {
	return `${countText(count)} ${word}${count === 1 ? '' : 's'}`;
}
