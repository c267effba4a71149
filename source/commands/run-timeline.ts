import {type RunEvent} from '../core/events.js';
import {type VerdictResult} from '../core/result.js';
import {type CallPicture, type RunState} from '../core/run-state.js';
import {columnsOf, wrapped} from '../text/columns.js';
import {
	cacheText,
	controlText,
	costText,
	durationText,
	glyphOf,
	shareText,
	tokensText,
	verdictText,
} from '../text/phrases.js';
import {costsOfRun, type SpeakerCosts} from '../output/run-costs.js';
import {
	recordOf,
	type CallRecord,
	type RunRecord,
} from '../output/run-record.js';
import {type Rating} from '../store/ratings.js';
import {type LoggedRun, type RunSummary} from '../store/runs.js';
import {localTime} from './table.js';

export type Paper = {
	/**
	In columns.
	*/
	readonly width: number;

	/**
	Answers are shown from beginning to end.
	*/
	readonly isWhole: boolean;

	/**
	What makes text of others harmless where a terminal shows it.
	*/
	readonly clean: (text: string) => string;
};

/**
A run told in lines: the question, each iteration with its calls and their attempts and waits, verdicts and decisions, the final answer, why it ended, and what it cost.
*/
export function timelineOf(
	{summary, picture, events, ratings, earlier}: LoggedRun,
	{width, isWhole, clean}: Paper,
): string[] {
	const most = isWhole ? Infinity : longestExcerpt;
	const record = recordOf(picture, events, earlier);
	const records = new Map(record.calls.map(call => [call.callId, call]));
	const write = (text: string, indent = '') =>
		wrapped(clean(text), Math.max(20, width - columnsOf(indent))).map(line =>
			`${indent}${line}`.trimEnd(),
		);

	return [
		...headOf(summary).flatMap(line => write(line)),
		'',
		'Question',
		...write(summary.prompt, '  '),
		...deedsIn(events, 0).flatMap(line => write(line, '  ')),
		'',
		...standingLines(record).flatMap(line => write(line)),
		...picture.iterations.flatMap(({iteration, calls, verdicts}) => [
			`Iteration ${iteration}`,
			...calls.flatMap(call => [
				...write(callLine(call, records.get(call.start.callId)!), '  '),
				...[
					...callDetails(call, records.get(call.start.callId)!, most),
					...marksOf(events, call),
					...ratingLines(ratings, call.start.callId),
				].flatMap(line => write(line, '      ')),
			]),
			...verdicts.flatMap(verdict => [
				...write(verdictLine(verdict), '  '),
				...verdictDetails(verdict).flatMap(line => write(line, '      ')),
			]),
			...deedsIn(events, iteration).flatMap(line => write(line, '  ')),
			...decisionsOf(picture, iteration).flatMap(line => write(line, '  ')),
			'',
		]),
		'Answer',
		...write(summary.answer ?? 'None.', '  '),
		...ratingLines(ratings, null).flatMap(line => write(line, '  ')),
		...(summary.reasons.length === 0 ? [] : ['', 'Why it ended']),
		...summary.reasons.flatMap(reason => write(reason, '  ')),
		'',
		'Cost',
		...[...record.costs, costsOfRun(picture)].flatMap(costs =>
			write(costLine(costs), '  '),
		),
		...goOnLines(summary).flatMap(line => write(line)),
	];
}

/**
Who could not go on where it had been in the conversation.
*/
function standingLines({standings}: RunRecord): string[] {
	const lines = standings
		.filter(({standing}) => standing === 'changed')
		.map(
			({instance}) =>
				`${instance} starts anew from the conversation: another model or system prompt`,
		);
	return lines.length === 0 ? [] : [...lines, ''];
}

function costLine({
	speaker,
	model,
	calls,
	usage,
	costUsd,
	costIsComplete,
}: SpeakerCosts): string {
	return [
		`${speaker}${model === '' ? '' : ` (${model})`}`,
		`${calls} call${calls === 1 ? '' : 's'}`,
		tokensText(usage),
		costText(costUsd, costIsComplete),
	].join(' · ');
}

function goOnLines({id, status}: RunSummary): string[] {
	return ['interrupted', 'cancelled', 'limited'].includes(status)
		? ['', `Resume with: consortium-tui runs resume ${id}`]
		: [];
}

function headOf(run: RunSummary): string[] {
	return [
		`run ${run.id}: ${run.status}${run.exitCode === null ? '' : ` (exit code ${run.exitCode})`}${run.simulated ? ', simulated' : ''}`,
		[
			run.consortium,
			localTime(run.startedAt),
			run.durationMs === null ? null : durationText(run.durationMs),
			`confidence ${shareText(run.confidence)}`,
			costText(run.costUsd, run.costIsComplete),
			`conversation ${run.conversationId}, question ${run.turn}`,
			run.derivedFrom === null ? null : `${run.kind} of run ${run.derivedFrom}`,
			run.timesResumed === 0
				? null
				: `resumed ${run.timesResumed === 1 ? 'once' : `${run.timesResumed} times`}`,
		]
			.filter(part => part !== null)
			.join(' · '),
	];
}

function callLine(
	{start, state, outcome, carriedFrom}: CallPicture,
	{firstTokenMs, durationMs}: CallRecord,
): string {
	return [
		`${glyphOf(state)} ${start.speaker} ${state}`,
		start.purpose === 'answer'
			? start.model
			: `${start.model}, ${start.purpose}`,
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

function callDetails(
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
			? [tokensText(outcome.usage), cacheText(cache, cache.asked)]
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

function verdictLine(verdict: VerdictResult): string {
	return `verdict of ${verdict.arbiter}: ${verdictText(verdict)}`;
}

/**
What a verdict says beside its figures, a line each.
*/
export function verdictDetails(
	verdict: Pick<
		VerdictResult,
		'dissent' | 'refinementAreas' | 'ranking' | 'problems'
	>,
): string[] {
	const {dissent, refinementAreas, ranking, problems} = verdict;

	return [
		...(ranking.length === 0
			? []
			: [`ranking: ${ranking.map(group => group.join(' = ')).join(' > ')}`]),
		...dissent.map(
			({text, who}) =>
				`dissent of ${who.join(', ') || 'nobody named'}: ${text}`,
		),
		...refinementAreas.map(area => `to refine: ${area}`),
		...problems.map(problem => `! ${problem}`),
	];
}

function decisionsOf({decisions}: RunState, iteration: number): string[] {
	return decisions
		.filter(decision => decision.iteration === iteration)
		.map(({action, reason}) => `→ ${action}: ${reason}`);
}

/**
What was done to a call after it had ended, or in place of another, in the order it was done.
*/
function marksOf(events: readonly RunEvent[], {start}: CallPicture): string[] {
	return events.flatMap(event =>
		event.type === 'call-mark' && event.callId === start.callId
			? [`${event.mark}: ${event.reason}`]
			: [],
	);
}

/**
What a person or a strategy did in an iteration.
*/
function deedsIn(events: readonly RunEvent[], iteration: number): string[] {
	const speakers = new Map<string, string>();
	let present = 0;

	return events.flatMap((event, index) => {
		switch (event.type) {
			case 'iteration-start': {
				present = event.iteration;
				return [];
			}

			case 'call-start': {
				speakers.set(event.callId, event.speaker);
				return [];
			}

			case 'call-carry': {
				speakers.set(event.callId, event.start.speaker);
				return [];
			}

			case 'run-resume': {
				const pausedMs = event.t - (events[index - 1]?.t ?? event.t);
				return present === iteration
					? [`↻ resumed after it had lain still for ${durationText(pausedMs)}`]
					: [];
			}

			case 'control': {
				const who = event.callIds.map(id => speakers.get(id) ?? id).join(', ');
				return present === iteration
					? [
							`■ ${who === '' ? '' : `${who} `}${controlText(event)} (${event.by})`,
						]
					: [];
			}

			default: {
				return [];
			}
		}
	});
}

function ratingLines(
	ratings: readonly Rating[],
	callId: string | null,
): string[] {
	return ratings
		.filter(rating => rating.callId === callId)
		.map(({source, score}) => `rated ${shareText(score)} by the ${source}`);
}
