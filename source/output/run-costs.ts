import {addUsage, unknownUsage, type Usage} from '../core/model.js';
import {type CallPicture, type RunState} from '../core/run-state.js';

/**
What a speaker took in a run, with one model.
*/
export type SpeakerCosts = {
	readonly speaker: string;
	readonly model: string;
	readonly calls: number;
	readonly usage: Usage;

	/**
	US dollars; null when nothing is known.
	*/
	readonly costUsd: number | null;

	/**
	False when the cost of a call, or of an attempt that broke, is missing from it.
	*/
	readonly costIsComplete: boolean;
};

/**
What each speaker took in a run, in the order they first spoke. What was taken over from another run was paid for there and is not in it.
*/
export function costsBySpeaker({calls}: RunState): SpeakerCosts[] {
	const costs = new Map<string, SpeakerCosts>();

	for (const call of calls.values()) {
		if (call.carriedFrom === null) {
			const {speaker, model} = call.start;
			const key = JSON.stringify([speaker, model]);
			costs.set(key, plus(costs.get(key) ?? nothing(speaker, model), call));
		}
	}

	return costs.values().toArray();
}

/**
The same of all together, whoever they are.
*/
export function costsOfRun(run: RunState): SpeakerCosts {
	return run.calls
		.values()
		.filter(({carriedFrom}) => carriedFrom === null)
		.reduce((sum, call) => plus(sum, call), nothing('all', ''));
}

const nothing = (speaker: string, model: string): SpeakerCosts => ({
	speaker,
	model,
	calls: 0,
	usage: unknownUsage,
	costUsd: null,
	costIsComplete: true,
});

function plus(
	sum: SpeakerCosts,
	{outcome, sentAt, brokenAttempts, nested}: CallPicture,
): SpeakerCosts {
	if (nested) {
		// Whatever was called inside is in this one's cost.
		const inside = costsOfRun(nested);
		const {costUsd} = inside;

		return {
			...sum,
			calls: sum.calls + 1,
			usage: addUsage(sum.usage, inside.usage),
			costUsd: costUsd === null ? sum.costUsd : (sum.costUsd ?? 0) + costUsd,
			costIsComplete: sum.costIsComplete && inside.costIsComplete,
		};
	}

	const costUsd = outcome?.costUsd ?? null;
	const isPaid = outcome !== null || sentAt !== null;

	return {
		...sum,
		calls: sum.calls + 1,
		usage: addUsage(sum.usage, outcome?.usage ?? unknownUsage),
		costUsd: costUsd === null ? sum.costUsd : (sum.costUsd ?? 0) + costUsd,
		costIsComplete:
			sum.costIsComplete &&
			!(isPaid && costUsd === null) &&
			brokenAttempts.length === 0,
	};
}
