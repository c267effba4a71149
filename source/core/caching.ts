import {objectWith} from './checks.js';
import {type MemoryMode} from './consortium.js';
import {type CallCache} from './events.js';
import {
	type CacheHints,
	type CachePosition,
	type PromptCache,
} from './model.js';
import {type CallPicture} from './run-state.js';
import {type Exchange} from './transcript.js';
import {UserError} from './user-error.js';

/**
How a run uses the prompt caches of its providers.
*/
export type Caching = {
	/**
	Send markers and keys. Default: true.
	*/
	readonly hasMarkers: boolean;

	/**
	Somebody will probably go on with the conversation: what is said last is kept too. Default: false.
	*/
	readonly isFollowUpLikely: boolean;

	/**
	Where several instances of a model begin with the same long prompt, one goes first and the others read what it wrote, when that pays. Default: false.
	*/
	readonly isWarmed: boolean;
};

export const cachingDefaults: Caching = {
	hasMarkers: true,
	isFollowUpLikely: false,
	isWarmed: false,
};

/**
@throws UserError for anything but switches of these names.
*/
export function readCaching(value: unknown): Partial<Caching> {
	const names = Object.keys(cachingDefaults) as Array<keyof Caching>;
	const given = objectWith(value, 'caching', names);

	for (const name of names) {
		if (given[name] !== undefined && typeof given[name] !== 'boolean') {
			throw new UserError(
				`caching.${name} is true or false, not ${JSON.stringify(given[name])}.`,
			);
		}
	}

	return Object.fromEntries(
		Object.entries(given).filter(([, isOn]) => isOn !== undefined),
	);
}

/**
Where the prefix of an instance's request ends that is worth keeping: where the next one will differ, while one is expected; else where an earlier request was kept and still is, to be read once more. To keep what nobody reads costs more than to forget it. In `rebuild` memory a request is like no other.
*/
export function memberPrefix({
	memory,
	message,
	isMoreExpected,
	kept,
}: {
	readonly memory: MemoryMode;

	/**
	The index of the new message, and how many parts it has.
	*/
	readonly message: {readonly index: number; readonly parts: number};
	readonly isMoreExpected: boolean;
	readonly kept: CachePosition | null;
}): CachePosition | null {
	if (!isMoreExpected || memory === 'rebuild') {
		return kept;
	}

	return {
		message: message.index,
		part: memory === 'lean' ? 0 : message.parts - 1,
	};
}

/**
The longest prefix of a speaker's next request that its provider still keeps. Outside `reply` memory, the question of this turn may have been kept with a call that is not told any more.
*/
export function keptPrefix(
	exchanges: readonly Exchange[],
	told: readonly Exchange[],
	now: number,
): CachePosition | null {
	const isWarm = ({kept}: Exchange) => kept !== null && now < kept.until;
	const latest = exchanges.findLast(
		exchange => !told.includes(exchange) && isWarm(exchange),
	);

	if (latest?.memory === 'lean' && latest.turn > (told.at(-1)?.turn ?? 0)) {
		return {message: 2 * told.length, part: 0};
	}

	const index = told.findLastIndex(exchange => isWarm(exchange));
	return index === -1
		? null
		: {message: 2 * index, part: told[index]!.kept!.part};
}

/**
What a call had its provider keep of its message, and until when.
*/
export function keptBy({
	start,
	sentAt,
}: Pick<CallPicture, 'start' | 'sentAt'>): Exchange['kept'] {
	const {isSent, keptPart, lifetimeMs} = start.cache ?? {};

	return isSent && typeof keptPart === 'number' && sentAt !== null
		? {part: keptPart, until: sentAt + (lifetimeMs ?? Infinity)}
		: null;
}

/**
Whether a provider still keeps what a call had it keep.
*/
export function isKept(call: CallPicture, now: number): boolean {
	const kept = keptBy(call);
	return kept !== null && now < kept.until;
}

/**
What goes with a request whose new message is the last, and what is told of it.
*/
export function hintsFor(
	{kind, minimumTokens, lifetimeMs}: PromptCache,
	through: CachePosition | null,
	request: {
		readonly transcriptId: string;
		readonly newMessage: number;
		readonly hasMarkers: boolean;
	},
): {readonly hints: CacheHints | null; readonly told: CallCache} {
	const {transcriptId, newMessage, hasMarkers} = request;

	return {
		hints: hasMarkers ? {key: transcriptId, through} : null,
		told: {
			isRequested: through !== null,
			keptPart: through?.message === newMessage ? through.part : null,
			isSent:
				hasMarkers &&
				(kind === 'key' || (kind === 'marker' && through !== null)),
			minimumTokens,
			lifetimeMs,
		},
	};
}
