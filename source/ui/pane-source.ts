import {
	type CallPicture,
	type IterationPicture,
	type RunState,
} from '../core/run-state.js';
import {marksOf, notAskedBecause} from '../text/marks.js';
import {insideText} from '../text/inside.js';
import {wordOf} from '../text/phrases.js';
import {noNumbers, numbersOf, type KnownCalls} from './call-numbers.js';
import {type Extent} from './grid-plan.js';
import {
	type PaneHead,
	type PaneState,
	type PaneView,
	type Who,
} from './run-views.js';
import {createScreenText, memberReader, type Channel} from './screen-text.js';
import {lineOf} from './shown-names.js';

/**
The attempt that comes next and how many there are at most.
*/
export type Attempts = {readonly next: number; readonly most: number};

/**
One instance as it changes: told of every event about it, asked for a view once a frame.
*/
export type PaneSource = {
	readonly id: string;

	/**
	The call whose text is shown; null before its first.
	*/
	readonly call: CallPicture | null;
	readonly adopt: (call: CallPicture) => void;

	/**
	Another model speaks for it from now on.
	*/
	readonly rename: (who: Who) => void;
	readonly push: (channel: Channel, text: string) => void;
	readonly retry: (attempts: Attempts, startsOver: boolean) => void;
	readonly end: () => void;

	/**
	Another iteration began: what it said is of the one before.
	*/
	readonly age: () => void;

	/**
	The picture changed otherwise: it was left out, or the run ended.
	*/
	readonly touch: () => void;
	readonly resize: (extent: Extent) => void;

	/**
	The same object as before when nothing changed.
	*/
	readonly view: (now: number, run: RunClock) => PaneView;
};

/**
Where the run is: a call of an earlier iteration is over.
*/
export type RunClock = {
	readonly run: RunState;
	readonly hasEnded: boolean;
	readonly known: KnownCalls;
};

export function createPaneSource(
	id: string,
	firstWho: Who,
	first: Extent,
): PaneSource {
	const text = createScreenText(first, memberReader);
	let who = firstWho;
	let extent = first;
	let call: CallPicture | null = null;

	// The last call before this one that said something.
	let before: CallPicture | null = null;
	let earlier: number | null = null;
	let attempts: Attempts | null = null;
	let isHeadStale = true;
	let isTextStale = true;
	let second = -1;
	let shown: PaneView | null = null;

	const headOf = (now: number, clock: RunClock): PaneHead => {
		const {run, hasEnded, known} = clock;
		const current = run.iterations.at(-1);
		const iteration = current?.iteration ?? 0;
		const isPast =
			call !== null && call.start.iteration < iteration && !hasEnded;
		const present = isPast ? null : call;
		const isOut =
			!present && (hasEnded || current?.instances.includes(id) === false);

		return {
			...who,
			id,
			callId: call?.start.callId ?? null,
			iteration: call?.start.iteration ?? iteration,
			marks: marksOf(run, id).map(({word}) => lineOf(word)),
			...stateOfCall(present, {attempts, now, hasEnded, known}),
			...(isOut && {state: 'not-asked', word: wordOf('not-asked')}),
			...(isReviewing(current, id) && {word: reviewing}),
			whyNot: isOut ? whyNotOf(run, id) : null,
		};
	};

	const age = () => {
		text.age();
		earlier = (hasText(call) ? call : before)?.start.iteration ?? null;
	};

	return {
		id,
		get call() {
			return call;
		},
		adopt(next) {
			before = hasText(call) ? call : before;
			call = next;
			attempts = null;
			isHeadStale = true;
			isTextStale = true;

			if (hasText(next)) {
				text.show(next);
			} else {
				age();
			}
		},
		rename(next) {
			who = next;
			isHeadStale = true;
		},
		push(channel, piece) {
			text.push(channel, piece);
			isTextStale = true;
			isHeadStale ||= shown?.head.state !== call?.state;
		},
		retry(next, startsOver) {
			attempts = next;
			isHeadStale = true;

			if (startsOver) {
				text.show(null);
				isTextStale = true;
			}
		},
		end() {
			text.end();
			isHeadStale = true;
			isTextStale = true;
		},
		age() {
			age();
			isHeadStale = true;
			isTextStale = true;
		},
		touch() {
			isHeadStale = true;
		},
		resize(next) {
			if (next.width === extent.width && next.height === extent.height) {
				return;
			}

			extent = next;
			text.show(hasText(call) ? call : before, {
				extent,
				kind: text.kind === 'earlier' ? 'earlier' : null,
			});
			isTextStale = true;
		},
		view(now, clock) {
			const isTicking =
				call !== null && call.outcome === null && !clock.hasEnded;
			const nowSecond = isTicking ? Math.floor(now / 1000) : second;
			isHeadStale ||= nowSecond !== second;

			if (!shown || isHeadStale || isTextStale) {
				shown = {
					head: shown && !isHeadStale ? shown.head : headOf(now, clock),
					kind: text.kind,
					earlier: text.kind === 'earlier' ? earlier : null,
					lines: shown && !isTextStale ? shown.lines : text.lines(),
				};
				second = nowSecond;
				isHeadStale = false;
				isTextStale = false;
			}

			return shown;
		},
	};
}

/**
What a call is doing, in figures and words. In a run that has ended, one that is not over never will be.
*/
export function stateOfCall(
	call: CallPicture | null,
	{
		attempts,
		now,
		hasEnded,
		known,
	}: {
		readonly attempts: Attempts | null;
		readonly now: number;
		readonly hasEnded: boolean;
		readonly known: KnownCalls;
	},
): Pick<
	PaneHead,
	'state' | 'word' | 'failure' | 'inside' | 'confidence' | 'numbers'
> {
	const state = stateOf(call, hasEnded);
	const isLetGo = state === 'stopped' && call?.outcome?.abort === 'strategy';
	const shown = {
		state,
		word: isLetGo ? 'let go' : wordOf(state),
		failure: null,
		inside: null,
		confidence: null,
	};

	if (!call || (hasEnded && !call.outcome)) {
		return {...shown, numbers: noNumbers};
	}

	const {outcome, retry, nested} = call;
	const inside = nested && !outcome ? insideText(nested) : null;
	const failure = outcome?.failure ?? retry?.failure ?? null;

	return {
		state,
		word: retry
			? retryWord(retry, attempts, now)
			: inside !== null && state === 'waiting'
				? 'at work'
				: shown.word,
		inside,
		failure: failure && lineOf(failure.message),
		confidence: outcome?.confidence ?? null,
		numbers: numbersOf(call, now, known),
	};
}

/**
What it says of an instance that ranks the answers of the others.
*/
export const reviewing = 'reviews the others';

const isReviewing = (current: IterationPicture | undefined, id: string) =>
	current?.calls.some(
		({start, outcome}) =>
			start.purpose === 'review' && start.speaker === id && outcome === null,
	) === true;

function whyNotOf(run: RunState, id: string): string | null {
	const why = notAskedBecause(run, id);
	return why === null ? null : lineOf(why);
}

const hasText = (call: CallPicture | null): call is CallPicture =>
	call !== null && (call.text !== '' || call.thinking !== '');

/**
What a speaker is doing; one without a call waits for its turn.
*/
function stateOf(call: CallPicture | null, hasEnded: boolean): PaneState {
	if (!call) {
		return 'waiting';
	}

	// Its process was killed while it spoke.
	if (hasEnded && !call.outcome) {
		return 'cancelled';
	}

	if (call.isLeftOut) {
		return 'left-out';
	}

	return call.state === 'waiting' && call.sentAt === null
		? 'queued'
		: call.state;
}

/**
Which attempt comes, and in how many seconds.
*/
function retryWord(
	{delayMs, since}: NonNullable<CallPicture['retry']>,
	attempts: Attempts | null,
	now: number,
): string {
	const seconds = Math.max(0, Math.ceil((since + delayMs - now) / 1000));
	const which = attempts ? ` ${attempts.next}/${attempts.most}` : '';
	return `retry${which} in ${seconds} s`;
}
