import {type Allowance} from './allowance.js';
import {assumedOutputTokens, charactersPerToken, outputUsd} from './limits.js';
import {type Model} from './model.js';

/**
Watches what a call costs while it speaks.
*/
export type Meter = {
	/**
	So many more characters have come, thinking included. False when there is no money for what may follow.
	*/
	readonly note: (characters: number) => boolean;

	/**
	The request is sent once more, which costs as much again. False when there is no money for it.
	*/
	readonly startOver: () => boolean;
};

/**
The meter of a call for which `usd` were set aside. An answer that grows longer than that was reckoned with is reckoned with anew, as much again at a time.
*/
export function createMeter(
	allowance: Allowance,
	model: Model,
	{
		callId,
		usd,
		maxTokens,
	}: {
		readonly callId: string;
		readonly usd: number;
		readonly maxTokens: unknown;
	},
): Meter {
	const isLimited = typeof maxTokens === 'number';
	const stepTokens = isLimited ? maxTokens : assumedOutputTokens;
	const step = stepTokens * charactersPerToken;
	const stepUsd = outputUsd(model, stepTokens) ?? 0;
	let covered = step;
	let said = 0;

	return {
		note(characters) {
			said += characters;

			// Who costs nothing needs no more money, also where there is none left.
			if (said <= covered || isLimited || stepUsd === 0) {
				return true;
			}

			covered += step;
			return allowance.extend(callId, stepUsd) === null;
		},
		startOver() {
			said = 0;
			covered = step;
			return allowance.extend(callId, usd) === null;
		},
	};
}
