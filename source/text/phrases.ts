import {type CacheUse} from '../core/cache-use.js';
import {type CallCache, type RunEventBody} from '../core/events.js';
import {type SavedConsortium} from '../core/consortium.js';
import {type CallPicture} from '../core/run-state.js';
import {type Usage} from '../core/model.js';
import {type RunStatus, type Verdict} from '../core/result.js';

/**
A duration for reading: `850 ms`, `4.2 s`, `3 min 05 s`.
*/
export function durationText(durationMs: number): string {
	if (durationMs < 1000) {
		return `${Math.round(durationMs)} ms`;
	}

	const seconds = durationMs / 1000;
	return seconds < 60
		? `${seconds.toFixed(1)} s`
		: `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;
}

/**
A confidence or an agreement for reading; what was not stated is said to be unknown and never 0.
*/
export function shareText(share: number | null): string {
	return share === null ? 'not stated' : `${Math.round(share * 100)}%`;
}

/**
Dollars with as many digits as tell something.
*/
export function costText(costUsd: number | null, isComplete = true): string {
	if (costUsd === null) {
		return 'cost unknown';
	}

	const digits = costUsd === 0 || costUsd >= 1 ? 2 : costUsd >= 0.01 ? 3 : 5;
	return `$${costUsd.toFixed(digits)}${isComplete ? '' : ' or more'}`;
}

/**
Tokens read and written, with the part the provider's cache served.
*/
export function usageText({
	inputTokens,
	cachedTokens,
	outputTokens,
}: Usage): string {
	if (inputTokens === null && outputTokens === null) {
		return 'tokens unknown';
	}

	const cached =
		inputTokens !== null &&
		cachedTokens !== null &&
		inputTokens > 0 &&
		cachedTokens > 0
			? ` (${Math.round((100 * cachedTokens) / inputTokens)}% cached)`
			: '';
	return `${inputTokens ?? '?'} tokens in${cached}, ${outputTokens ?? '?'} out`;
}

/**
What was asked of a provider's prompt cache, whether anything was sent for it, and what was observed. A call of an older log tells the last alone.
*/
export function cacheText(use: CacheUse, cache: CallCache | null): string {
	const asked =
		cache === null
			? []
			: [
					cache.isRequested ? 'asked for' : 'not asked for',
					cache.isSent ? 'hint sent' : 'nothing sent',
				];

	return `cache: ${[...asked, cacheUseText(use)].join(', ')}`;
}

/**
What a call read from the prompt cache.
*/
export function cacheUseText({
	kind,
	prefixTokens,
	cachedTokens,
	share,
	minimumTokens,
}: CacheUse): string {
	switch (kind) {
		case 'first': {
			return 'first request';
		}

		case 'below-minimum': {
			return `below the minimum: ${prefixTokens} < ${minimumTokens}`;
		}

		case 'hit': {
			return `hit: ${cachedTokens} tokens${share === null ? '' : `, ${shareText(share)} of the input`}`;
		}

		case 'miss': {
			return `miss: ${prefixTokens} tokens had been sent before`;
		}

		case 'unknown': {
			return 'not known what it served';
		}
	}
}

/**
Everything a call read and wrote: `120 in (64 cached, 5 written) · 30 out (12 reasoning)`, without the parts that nobody told.
*/
export function tokensText({
	inputTokens,
	cachedTokens,
	cacheWriteTokens,
	outputTokens,
	reasoningTokens,
}: Usage): string {
	const within = (
		...parts: ReadonlyArray<readonly [number | null, string]>
	) => {
		const told = parts.flatMap(([count, name]) =>
			count === null ? [] : [`${count} ${name}`],
		);
		return told.length === 0 ? '' : ` (${told.join(', ')})`;
	};

	return inputTokens === null && outputTokens === null
		? 'tokens unknown'
		: `tokens: ${inputTokens ?? '?'} in${within([cachedTokens, 'cached'], [cacheWriteTokens, 'written'])} · ${outputTokens ?? '?'} out${within([reasoningTokens, 'reasoning'])}`;
}

/**
What an arbiter found, a few words each.
*/
export function verdictWishes({
	confidence,
	agreement,
	needsIteration,
}: Pick<Verdict, 'confidence' | 'agreement' | 'needsIteration'>): string[] {
	return [
		`confidence ${shareText(confidence)}`,
		agreementText(agreement),
		needsIteration === null
			? 'does not say whether to go on'
			: needsIteration
				? 'wants another iteration'
				: 'wants no other iteration',
	];
}

export const agreementText = (agreement: number | null) =>
	`agreement ${agreement === null ? 'unknown' : shareText(agreement)}`;

const glyphs = {
	waiting: '·',
	queued: '·',
	thinking: '›',
	answering: '»',
	retrying: '↻',
	answered: '✓',
	truncated: '✂',
	refused: '⊘',
	empty: '∅',
	failed: '✗',
	stopped: '■',
	cancelled: '■',
	'left-out': '○',
	'not-asked': '-',
} as const satisfies Record<CallPicture['state'] | OtherState, string>;

/**
What a speaker can be besides: waiting for a place among the requests that may run, left out of what is weighed, and not asked in this iteration.
*/
type OtherState = 'queued' | 'left-out' | 'not-asked';
type ShownState = keyof typeof glyphs;

/**
A state as a sign; the word stands beside it, so that it never tells anything alone.
*/
export function glyphOf(state: ShownState): string {
	return glyphs[state];
}

/**
A state as a word.
*/
export function wordOf(state: ShownState): string {
	return state === 'answered' ? 'done' : state.replace('-', ' ');
}

/**
A number of tokens for narrow places: `940`, `12.4k`, `3.1M`.
*/
export function countText(count: number): string {
	return count < 1000
		? String(count)
		: count < 999_500
			? `${(count / 1000).toFixed(count < 99_950 ? 1 : 0)}k`
			: `${(count / 1_000_000).toFixed(1)}M`;
}

/**
A duration as a clock has it: `00:14`, `1:02:03`.
*/
export function clockText(durationMs: number): string {
	const seconds = Math.floor(durationMs / 1000);
	const two = (value: number) => String(value).padStart(2, '0');
	const minutes = Math.floor(seconds / 60);

	return minutes < 60
		? `${two(minutes)}:${two(seconds % 60)}`
		: `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/**
A share as a bar of `width` cells, in eighths, with a mark where the threshold is; dots when the share is unknown, which is not 0.
*/
export function barText(
	share: number | null,
	width: number,
	threshold: number | null = null,
): string {
	const eighths = Math.round((share ?? 0) * width * 8);
	const mark =
		threshold === null
			? -1
			: Math.min(width - 1, Math.floor(threshold * width));

	return Array.from({length: width}, (_, cell) => {
		const filled = Math.max(0, Math.min(8, eighths - cell * 8));
		return cell === mark
			? '┊'
			: share === null
				? '·'
				: filled === 0
					? '░'
					: '▏▎▍▌▋▊▉█'[filled - 1]!;
	}).join('');
}

/**
What ends a run before its last iteration, in a few words.
*/
export function endText({
	until,
	stop,
	confidenceThreshold,
}: Pick<SavedConsortium, 'until' | 'stop' | 'confidenceThreshold'>): string {
	return until.length === 0
		? `${stop} ≥ ${shareText(confidenceThreshold)}`
		: `until ${until.join(' and ')}`;
}

const endings = {
	converged: 'converged',
	unconverged: 'not converged',
	degraded: 'degraded',
	unanswered: 'no answer',
	limited: 'stopped by a limit',
	cancelled: 'cancelled',
} as const satisfies Record<RunStatus, string>;

/**
How a run ended, in a few words.
*/
export function endingText(status: RunStatus): string {
	return endings[status];
}

const verbTexts = {
	stop: 'stopped',
	'answer-now': 'answering now with what is there',
	retry: 'asked again',
	swap: 'asked again, as another model',
	'leave-out': 'left out',
	'put-back': 'put back',
} as const satisfies Record<Control['verb'], string>;

type Control = Extract<RunEventBody, {readonly type: 'control'}>;

/**
What somebody did to a run, or why it could not be done.
*/
export function controlText({verb, refusal}: Control): string {
	return refusal === null
		? verbTexts[verb]
		: `not ${verbTexts[verb]}: ${refusal}`;
}

/**
A moment in the time of this place: `2026-03-01 14:05`.
*/
export function dateText(at: number): string {
	const date = new Date(at);
	const two = (number: number) => String(number).padStart(2, '0');
	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/**
The same with its seconds, or to the millisecond.
*/
export function momentText(at: number, unit: 's' | 'ms'): string {
	const date = new Date(at);
	const seconds = String(date.getSeconds()).padStart(2, '0');
	const rest =
		unit === 'ms' ? `.${String(date.getMilliseconds()).padStart(3, '0')}` : '';
	return `${dateText(at)}:${seconds}${rest}`;
}
