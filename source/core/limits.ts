import {Abort} from './abort.js';
import {unknownUsage, type Model} from './model.js';
import {costOf} from './observation.js';
import {type RunState} from './run-state.js';
import {type World} from './world.js';

/**
How long calls may go on after the time of a run is up.
*/
const graceMs = 60_000;

/**
The answer assumed in a forecast where no limit of its length is set, and the characters taken for one token. Both are rules of thumb.
*/
export const assumedOutputTokens = 1000;
export const charactersPerToken = 4;

export type Deadline = {
	readonly timeoutSeconds: number;

	/**
	True from the moment on which no new call may start.
	*/
	readonly isOver: () => boolean;

	/**
	Aborts when even the calls that were running must end.
	*/
	readonly signal: AbortSignal;
};

/**
Watch the time limit of a run until `ended` aborts.
*/
export function watchDeadline(
	timeoutSeconds: number,
	world: World,
	ended: AbortSignal,
): Deadline {
	const controller = new AbortController();
	let isOver = false;

	const watch = async () => {
		await world.sleep(timeoutSeconds * 1000, ended);

		if (ended.aborted) {
			return;
		}

		isOver = true;
		await world.sleep(graceMs, ended);

		if (!ended.aborted) {
			controller.abort(new Abort('time'));
		}
	};

	void watch();
	return {timeoutSeconds, isOver: () => isOver, signal: controller.signal};
}

/**
What a call will about cost in US dollars; null when the model's price is unknown.
*/
export function forecastUsd(
	model: Model,
	inputCharacters: number,
	maxTokens: unknown,
): number | null {
	return model.costOf({
		...unknownUsage,
		inputTokens: Math.ceil(inputCharacters / charactersPerToken),
		outputTokens:
			typeof maxTokens === 'number' ? maxTokens : assumedOutputTokens,
	});
}

/**
What the calls of a picture and what was found out cost in US dollars, those of earlier runs left out. A call whose cost nobody reported, such as one that was broken off, counts with what was set aside for it, and for more when it said more than that was for.
*/
export function spentUsd(
	run: RunState,
	models: ReadonlyMap<string, Model>,
): number {
	let spent = run.observations.reduce(
		(sum, {observation}) => sum + (costOf(observation) ?? 0),
		0,
	);

	for (const call of run.calls.values()) {
		const {start, outcome, brokenAttempts, carriedFrom, sentAt} = call;
		const model = models.get(start.model);

		if (call.nested) {
			spent += spentUsd(call.nested, models);
			continue;
		}

		if (carriedFrom !== null || !model) {
			continue;
		}

		const guess = (said: string) => {
			const tokens = Math.ceil(said.length / charactersPerToken);
			const more = Math.max(0, tokens - assumedOutputTokens);

			return start.reservedUsd === null
				? (forecastUsd(model, start.message.join('').length, tokens) ?? 0)
				: start.reservedUsd + (outputUsd(model, more) ?? 0);
		};

		spent +=
			outcome?.costUsd ??
			(sentAt === null ? 0 : guess(call.text + call.thinking));

		for (const {text, thinking} of brokenAttempts) {
			spent += guess(text + thinking);
		}
	}

	return spent;
}

/**
What so many tokens of an answer cost in US dollars; null when the price is unknown.
*/
export function outputUsd(model: Model, tokens: number): number | null {
	return model.costOf({
		...unknownUsage,
		inputTokens: 0,
		outputTokens: tokens,
	});
}
