import {type Instance} from './consortium.js';
import {isCommitted} from './conversation.js';
import {type ModelOptions} from './model.js';
import {type CallPicture, type RunState} from './run-state.js';

/**
An instance that cannot go on in what its provider has read so far.
*/
export type PrefixBreak = {
	readonly instance: string;

	/**
	`anew`: it has another model or system prompt, and starts from the questions and final answers. `uncached`: it goes on in its transcript, which its provider has to read again.
	*/
	readonly kind: 'anew' | 'uncached';

	/**
	The one that has read so far.
	*/
	readonly model: string;

	/**
	What its last request held; null when nobody reported it.
	*/
	readonly tokens: number | null;

	/**
	It was long enough to be kept.
	*/
	readonly isLong: boolean;

	/**
	Whether its provider still keeps it; null where nobody promises for how long.
	*/
	readonly isWarm: boolean | null;
};

/**
Which of these instances, with the roles they are given, would lose what they were sent in the runs of a conversation, as of now (milliseconds since the Unix epoch). Who is new to it, rests, or comes back to a transcript of its own loses nothing.
*/
export function prefixBreaks(
	runs: readonly RunState[],
	instances: readonly Instance[],
	now: number,
): PrefixBreak[] {
	const spoken = lastAnswers(runs);

	return instances.flatMap(instance => {
		const ofSlot = spoken.get(instance.id);
		const kept = ofSlot?.get(keyOf(instance));
		const latest = ofSlot?.values().toArray().at(-1);

		if (!latest || (kept && isCachedAlike(kept, instance.options))) {
			return [];
		}

		const call = kept ?? latest;
		return [breakOf(call, kept ? 'uncached' : 'anew', now)];
	});
}

/**
Whether it matters so much that a person should be asked before: a prefix that was long enough to be kept, unless all that is lost is a cache that has gone cold.
*/
export function isSerious({kind, isLong, isWarm}: PrefixBreak): boolean {
	return isLong && (kind === 'anew' || isWarm !== false);
}

/**
Where a provider does not say how short is too short to be kept, in tokens.
*/
const usualMinimum = 1024;

function breakOf(
	call: CallPicture,
	kind: PrefixBreak['kind'],
	now: number,
): PrefixBreak {
	const {speaker, model, cache} = call.start;
	const {inputTokens} = call.outcome!.usage;
	const {minimumTokens = null, lifetimeMs = null} = cache ?? {};

	return {
		instance: speaker,
		kind,
		model,
		tokens: inputTokens,
		isLong:
			inputTokens !== null && inputTokens >= (minimumTokens ?? usualMinimum),
		isWarm:
			lifetimeMs === null
				? null
				: cache!.isSent &&
					call.sentAt !== null &&
					now < call.sentAt + lifetimeMs,
	};
}

/**
The last answer of each transcript, by speaker and by what makes it another; the one that was used last is the last.
*/
function lastAnswers(
	runs: readonly RunState[],
): ReadonlyMap<string, ReadonlyMap<string, CallPicture>> {
	const all = new Map<string, Map<string, CallPicture>>();

	for (const {start, calls} of runs) {
		for (const call of calls.values()) {
			const {speaker, model} = call.start;
			const instance = start?.instances.find(({id}) => id === speaker);

			if (instance && isCommitted(call)) {
				const ofSlot = all.get(speaker) ?? new Map<string, CallPicture>();
				const key = keyOf({...instance, model});
				all.set(speaker, ofSlot);
				ofSlot.delete(key);
				ofSlot.set(key, call);
			}
		}
	}

	return all;
}

const keyOf = ({
	model,
	system,
	role,
}: Pick<Instance, 'model' | 'system' | 'role'>) =>
	JSON.stringify([model, system, role]);

/**
What only says how an answer is drawn from the prompt. All other options may be part of what a provider keeps: the effort is, on all of them.
*/
const sampling = new Set([
	'temperature',
	'topP',
	'topK',
	'maxTokens',
	'seed',
	'stop',
	'frequencyPenalty',
	'presencePenalty',
]);

function isCachedAlike({start}: CallPicture, options: ModelOptions): boolean {
	return prefixOptions(start.options) === prefixOptions(options);
}

const prefixOptions = (options: ModelOptions) =>
	JSON.stringify(
		Object.entries(options)
			.filter(([name]) => !sampling.has(name))
			.toSorted(([left], [right]) => (left < right ? -1 : 1)),
	);
