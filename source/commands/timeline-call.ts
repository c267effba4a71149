import {type CallPicture, type RunState} from '../core/run-state.js';
import {callerText} from '../text/deeds.js';
import {
	cacheText,
	costText,
	durationText,
	glyphOf,
	shareText,
	tokensText,
} from '../text/phrases.js';
import {type CallRecord} from '../output/run-record.js';

/**
A call in a line: who, what became of it, and in how much time.
*/
export function callLine(
	run: RunState,
	call: CallPicture,
	{firstTokenMs, durationMs}: CallRecord,
): string {
	const {start, state, outcome, carriedFrom} = call;

	return [
		`${glyphOf(state)} ${callerText(run, call)} ${state}`,
		start.purpose === 'answer'
			? start.model
			: `${start.model}, ${start.purpose === 'rank' ? run.start!.consortium.judging : start.purpose}`,
		...(outcome !== null && start.purpose === 'answer'
			? [`confidence ${shareText(outcome.confidence)}`]
			: []),
		...(firstTokenMs === null
			? []
			: [`first token ${durationText(firstTokenMs)}`]),
		...(durationMs === null ? [] : [durationText(durationMs)]),
		...(outcome !== null && carriedFrom === null
			? [costText(outcome.costUsd, outcome.brokenAttempts.length === 0)]
			: []),
		`call ${start.callId}`,
		...(carriedFrom === null ? [] : [`from run ${carriedFrom}`]),
	].join(' · ');
}

/**
A wait in the queue that is shorter is not worth a line, in milliseconds.
*/
const leastWait = 100;

/**
What else there is to tell of it, with so many characters of its text at most.
*/
export function callDetails(
	call: CallPicture,
	record: CallRecord,
	most: number,
): string[] {
	const {start, outcome, text, carriedFrom} = call;
	const {queuedMs, cache} = record;

	return [
		...(queuedMs !== null && queuedMs >= leastWait
			? [`waited ${durationText(queuedMs)} for its place`]
			: []),
		...attemptLines(call, record),
		...(outcome?.failure ? [outcome.failure.message] : []),
		...(outcome !== null && carriedFrom === null
			? [
					tokensText(outcome.usage),
					...(call.nested ? [] : [cacheText(cache, cache.asked)]),
				]
			: []),
		...(outcome?.final ? [`final: ${outcome.final}`] : []),
		// What became a verdict is told by the verdict; what is in no other table is told whole.
		...(start.purpose !== 'answer' && outcome?.state === 'answered'
			? []
			: excerpt(text, outcome ? most : Infinity)),
	];
}

/**
What failed before, how long was waited then, and what of it had come. Of a call that was taken over only what broke is known here.
*/
function attemptLines(
	{brokenAttempts}: CallPicture,
	{retries}: CallRecord,
): string[] {
	const lostIn = (attempt: number) =>
		brokenAttempts.find(broken => broken.attempt === attempt)?.text ?? '';

	return retries.length === 0
		? brokenAttempts.flatMap(({attempt, failure, text}) => [
				`attempt ${attempt} broke: ${failure.message}`,
				...excerpt(text, longestExcerpt),
			])
		: retries.flatMap(({attempt, startsOver, failure, delayMs}) => [
				`attempt ${attempt} ${startsOver ? 'broke' : 'failed'}: ${failure.message} Waited ${durationText(delayMs)}.`,
				...(startsOver ? excerpt(lostIn(attempt), longestExcerpt) : []),
			]);
}

/**
More of a text is shown only when all of it is wanted, in characters.
*/
export const longestExcerpt = 400;

/**
The beginning of a text in quotation bars.
*/
export function excerpt(text: string, length: number): string[] {
	const whole = text.trim();

	if (whole === '') {
		return [];
	}

	const shown = whole.length > length ? `${whole.slice(0, length)}…` : whole;
	return shown.split('\n').map(line => `│ ${line}`);
}
