import {type RunKind} from '../core/events.js';
import {type RunStatus} from '../core/result.js';
import {resultConfidenceText} from '../text/outcome.js';
import {costText, durationText, endingText} from '../text/phrases.js';
import {type Tone} from './theme.js';
import {type TurnView} from './turn-view.js';

/**
How a turn ended. The sign never stands without the word.
*/
export type TurnEnding = {
	readonly sign: string;
	readonly word: string;
	readonly tone: Tone;

	/**
	What a person must know, a sentence each; none when it converged without a fault.
	*/
	readonly reasons: readonly string[];
};

const signs = {
	converged: ['✓', 'good'],
	unconverged: ['≈', 'warn'],
	degraded: ['!', 'warn'],
	unanswered: ['∅', 'bad'],
	limited: ['■', 'warn'],
	cancelled: ['■', 'warn'],
} as const satisfies Record<RunStatus, readonly [string, Tone]>;

export function endingOf({result}: TurnView): TurnEnding {
	if (!result) {
		return {
			sign: '■',
			word: 'broken off',
			tone: 'bad',
			reasons: ['The program ended before the run did.'],
		};
	}

	const {status, reasons} = result;
	const [sign, tone] = signs[status];
	return {
		sign,
		tone,
		word: endingText(status),
		// The first says why it ended, which goes without saying where it ended well.
		reasons: status === 'converged' ? reasons.slice(1) : reasons,
	};
}

/**
It was cut short, and what is missing of it can still be asked.
*/
export function isResumable({result}: TurnView): boolean {
	return !result || ['cancelled', 'limited'].includes(result.status);
}

const kinds = {
	ask: [],
	retry: ['asked again'],
	rearbitrate: ['weighed again'],
} as const satisfies Record<RunKind, readonly string[]>;

/**
A turn in figures, a few words each.
*/
export function factsOf({
	result,
	kind,
	consortium,
	simulated,
}: TurnView): string[] {
	const figures = result
		? [
				resultConfidenceText(result),
				`${result.iterations.length} iteration${result.iterations.length === 1 ? '' : 's'}`,
				costText(result.costUsd, result.costIsComplete),
				durationText(result.durationMs),
			]
		: [];

	return [
		...figures,
		consortium,
		...kinds[kind],
		...(simulated ? ['simulated'] : []),
	];
}
