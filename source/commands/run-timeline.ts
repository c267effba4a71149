import {type RunEvent} from '../core/events.js';
import {type VerdictResult} from '../core/result.js';
import {type CallPicture, type RunState} from '../core/run-state.js';
import {columnsOf, wrapped} from '../text/columns.js';
import {
	controlText,
	costText,
	durationText,
	glyphOf,
	shareText,
} from '../text/phrases.js';
import {type Rating} from '../store/ratings.js';
import {type LoggedRun, type RunSummary} from '../store/runs.js';
import {localTime} from './table.js';

type Paper = {
	/**
	In columns.
	*/
	readonly width: number;

	/**
	What makes text of others harmless where a terminal shows it.
	*/
	readonly clean: (text: string) => string;
};

/**
A run told in lines: the question, each iteration with its answers, verdicts and decisions, the final answer, and why it ended.
*/
export function timelineOf(
	{summary, picture, events, ratings}: LoggedRun,
	{width, clean}: Paper,
): string[] {
	const write = (text: string, indent = '') =>
		wrapped(clean(text), Math.max(20, width - columnsOf(indent))).map(line =>
			`${indent}${line}`.trimEnd(),
		);

	return [
		...headOf(summary).flatMap(line => write(line)),
		'',
		'Question',
		...write(summary.prompt, '  '),
		'',
		...picture.iterations.flatMap(({iteration, calls, verdicts}) => [
			`Iteration ${iteration}`,
			...calls.flatMap(call => [
				...write(callLine(call), '  '),
				...[
					...callDetails(call),
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
	];
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
		]
			.filter(part => part !== null)
			.join(' · '),
	];
}

function callLine({start, state, outcome, carriedFrom}: CallPicture): string {
	return [
		`${glyphOf(state)} ${start.speaker} ${state}`,
		start.purpose === 'answer'
			? start.model
			: `${start.model}, ${start.purpose}`,
		...(outcome === null
			? []
			: [
					...(start.purpose === 'answer'
						? [`confidence ${shareText(outcome.confidence)}`]
						: []),
					durationText(outcome.durationMs),
					...(carriedFrom === null ? [costText(outcome.costUsd)] : []),
				]),
		`call ${start.callId}`,
		...(carriedFrom === null ? [] : [`from run ${carriedFrom}`]),
	].join(' · ');
}

function callDetails(call: CallPicture): string[] {
	const {start, outcome, brokenAttempts, text} = call;

	return [
		...brokenAttempts.flatMap(({attempt, failure, text: lost}) => [
			`attempt ${attempt} broke: ${failure.message}`,
			...excerpt(lost, longestExcerpt),
		]),
		...(outcome?.failure ? [outcome.failure.message] : []),
		...(outcome?.final ? [`final: ${outcome.final}`] : []),
		// What became a verdict is told by the verdict; what is in no other table is told whole.
		...(start.purpose !== 'answer' && outcome?.state === 'answered'
			? []
			: excerpt(text, outcome ? longestExcerpt : Infinity)),
	];
}

const longestExcerpt = 400;

/**
The beginning of a text in quotation bars; the whole is shown by `logs show`.
*/
function excerpt(text: string, length: number): string[] {
	const whole = text.trim();

	if (whole === '') {
		return [];
	}

	const shown = whole.length > length ? `${whole.slice(0, length)}…` : whole;
	return shown.split('\n').map(line => `│ ${line}`);
}

function verdictLine({
	arbiter,
	confidence,
	agreement,
	needsIteration,
}: VerdictResult): string {
	const wish =
		needsIteration === null
			? 'does not say whether to go on'
			: needsIteration
				? 'wants another iteration'
				: 'content';

	return `verdict of ${arbiter}: confidence ${shareText(confidence)} · agreement ${agreement === null ? 'unknown' : shareText(agreement)} · ${wish}`;
}

function verdictDetails(verdict: VerdictResult): string[] {
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

	return events.flatMap(event => {
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
