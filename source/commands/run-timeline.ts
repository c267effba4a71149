import {type RunEvent} from '../core/events.js';
import {type VerdictResult} from '../core/result.js';
import {type CallPicture, type RunState} from '../core/run-state.js';
import {columnsOf, wrapped} from '../text/columns.js';
import {
	costText,
	durationText,
	shareText,
	tokensText,
} from '../text/phrases.js';
import {deedText} from '../text/deeds.js';
import {
	decisionLines,
	rankingText,
	standingOf,
	verdictTitle,
} from '../text/judging.js';
import {resultConfidenceText, verdictFigures} from '../text/outcome.js';
import {costsOfRun, type SpeakerCosts} from '../output/run-costs.js';
import {recordOf, type RunRecord} from '../output/run-record.js';
import {eventsInside} from '../output/inside-events.js';
import {type Rating} from '../store/ratings.js';
import {type LoggedRun, type RunSummary} from '../store/runs.js';
import {localTime} from './table.js';
import {callDetails, callLine, longestExcerpt} from './timeline-call.js';

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
	const write: Write = (text, indent = '') =>
		wrapped(clean(text), Math.max(20, width - columnsOf(indent))).map(line =>
			`${indent}${line}`.trimEnd(),
		);

	return [
		...headOf(summary, picture).flatMap(line => write(line)),
		'',
		'Question',
		...write(summary.prompt, '  '),
		...deedsIn(events, 0, picture).flatMap(line => write(line, '  ')),
		...decisionLines(picture, 0).flatMap(line => write(line, '  ')),
		'',
		...standingLines(record).flatMap(line => write(line)),
		...iterationLines(picture, {events, record, ratings, most}, write),
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

type Write = (text: string, indent?: string) => string[];

/**
Each iteration with its calls, verdicts and decisions; what happened inside of a consortium stands indented under its call.
*/
function iterationLines(
	picture: RunState,
	{
		events,
		record,
		ratings,
		most,
	}: {
		readonly events: readonly RunEvent[];
		readonly record: RunRecord;
		readonly ratings: readonly Rating[];

		/**
		How much of a text is shown, in characters.
		*/
		readonly most: number;
	},
	write: Write,
): string[] {
	const records = new Map(record.calls.map(call => [call.callId, call]));

	return picture.iterations.flatMap(({iteration, calls, verdicts}) => [
		...write(`Iteration ${iteration}`),
		...calls.flatMap(call => [
			...write(callLine(picture, call, records.get(call.start.callId)!), '  '),
			...linesInside(call, {events, most}, write),
			...[
				...callDetails(call, records.get(call.start.callId)!, most),
				...marksOf(events, call),
				...ratingLines(ratings, call.start.callId),
			].flatMap(line => write(line, '      ')),
		]),
		...verdicts.flatMap(verdict => [
			...write(verdictLine(verdict, verdicts), '  '),
			...verdictDetails(verdict).flatMap(line => write(line, '      ')),
		]),
		...deedsIn(events, iteration, picture).flatMap(line => write(line, '  ')),
		...decisionLines(picture, iteration).flatMap(line => write(line, '  ')),
		'',
	]);
}

function linesInside(
	{nested, start}: CallPicture,
	{
		events: all,
		most,
	}: {readonly events: readonly RunEvent[]; readonly most: number},
	write: Write,
): string[] {
	if (!nested) {
		return [];
	}

	const events = eventsInside(all, start.callId);
	const record = recordOf(nested, events, new Map());

	return iterationLines(
		nested,
		{events, record, ratings: [], most},
		(text, indent = '') => write(text, `      ${indent}`),
	).filter(line => line !== '');
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

function headOf(run: RunSummary, {result}: RunState): string[] {
	return [
		`run ${run.id}: ${run.status}${run.exitCode === null ? '' : ` (exit code ${run.exitCode})`}${run.simulated ? ', simulated' : ''}`,
		[
			run.consortium,
			localTime(run.startedAt),
			run.durationMs === null ? null : durationText(run.durationMs),
			result
				? resultConfidenceText(result)
				: `confidence ${shareText(run.confidence)}`,
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

function verdictLine(
	verdict: VerdictResult,
	verdicts: readonly VerdictResult[],
): string {
	const standing = standingOf(verdict, verdicts);
	const words = verdict.method === 'review' ? [] : verdictFigures(verdict);

	return `${verdictTitle(verdict)}: ${[...words, ...(standing === '' ? [] : [standing])].join(' · ')}`;
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
		...(ranking.length === 0 ? [] : [`ranking: ${rankingText(ranking)}`]),
		...dissent.map(
			({text, who}) =>
				`dissent of ${who.join(', ') || 'nobody named'}: ${text}`,
		),
		...refinementAreas.map(area => `to refine: ${area}`),
		...problems.map(problem => `! ${problem}`),
	];
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
function deedsIn(
	events: readonly RunEvent[],
	iteration: number,
	picture: RunState,
): string[] {
	let present = 0;

	return events.flatMap((event, index) => {
		switch (event.type) {
			case 'iteration-start': {
				present = event.iteration;
				return [];
			}

			case 'run-resume': {
				const pausedMs = event.t - (events[index - 1]?.t ?? event.t);
				return present === iteration
					? [`↻ resumed after it had lain still for ${durationText(pausedMs)}`]
					: [];
			}

			case 'control': {
				return present === iteration ? [`■ ${deedText(event, picture)}`] : [];
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
