import {parseConfidence} from '../../core/reading/confidence.js';
import {parseVerdict} from '../../core/reading/verdict.js';
import {type Parent} from '../../store/backfill/found.js';
import {type FoundAnswer, type ShownFoundRun} from '../../store/found-runs.js';
import {columnsOf, wrapped} from '../../text/columns.js';
import {
	costText,
	durationText,
	glyphOf,
	shareText,
	tokensText,
	verdictWishes,
} from '../../text/phrases.js';
import {verdictDetails, type Paper} from '../run-timeline.js';
import {localTime} from '../table.js';
import {excerpt, longestExcerpt} from '../timeline-call.js';

/**
An imported run told in lines, as those of ours are: the question, each iteration with its members, arbiters and verdicts and what speaks for their place, the answer, what is missing or odd, and that nobody knows what it cost.
*/
export function foundRunLines(
	run: ShownFoundRun,
	{width, isWhole, clean}: Paper,
): string[] {
	const write = (text: string, indent = '') =>
		wrapped(clean(text), Math.max(20, width - columnsOf(indent))).map(line =>
			`${indent}${line}`.trimEnd(),
		);
	const most = isWhole ? Infinity : longestExcerpt;
	const output = run.responses.filter(({role}) => role === 'output');
	const calls = run.responses.filter(({role}) => role !== 'output');

	return [
		...headOf(run).flatMap(line => write(line)),
		'',
		'Question',
		...write(run.prompt, '  '),
		'',
		...[...Map.groupBy(calls, ({iteration}) => iteration)].flatMap(
			([iteration, answers]) => [
				iteration === null ? 'Iteration unknown' : `Iteration ${iteration}`,
				...answers.flatMap(answer => [
					...write(answerLine(answer), '  '),
					...detailsOf(answer, most).flatMap(line => write(line, '      ')),
					...verdictOf(answer, run).flatMap((line, nth) =>
						write(line, nth === 0 ? '  ' : '      '),
					),
				]),
				'',
			],
		),
		'Answer',
		...write(answerOf(run), '  '),
		...output.flatMap(answer => write(evidenceOf(answer), '      ')),
		...(run.problems.length === 0 ? [] : ['', 'What is missing or odd']),
		...run.problems.flatMap(problem => write(problem, '  ')),
		'',
		'Cost',
		...write(costLine(calls), '  '),
	];
}

function answerOf({answer}: ShownFoundRun): string {
	return answer === ''
		? '(empty: its program recorded no text)'
		: (answer ?? 'It is not in the log.');
}

function headOf(run: ShownFoundRun): string[] {
	return [
		`run ${run.id}: imported${run.recordedId === null || run.recordedId === run.id ? '' : `; its program calls it ${run.recordedId}`}`,
		[
			run.consortium ?? 'consortium unknown',
			localTime(run.startedAt),
			run.durationMs === null ? null : durationText(run.durationMs),
			`confidence ${shareText(run.confidence)}`,
			costText(null),
			run.iterations === 1 ? '1 iteration' : `${run.iterations} iterations`,
			run.conversationId === null ? null : `conversation ${run.conversationId}`,
		]
			.filter(part => part !== null)
			.join(' · '),
		...(run.parent === null ? [] : [parentLine(run.parent)]),
	];
}

function parentLine({runId, role, iteration, instance}: Parent): string {
	return [
		`asked by the run ${runId}`,
		`as ${role === 'member' ? 'a member' : 'its arbiter'}${instance === null ? '' : ` (${instance})`}`,
		...(iteration === null ? [] : [`in iteration ${iteration}`]),
	].join(' ');
}

function answerLine(answer: FoundAnswer): string {
	const {text, model, durationMs, nestedRunId, responseId} = answer;

	return [
		text === null
			? `${speakerOf(answer)}: its answer is not in the log`
			: text === ''
				? `${glyphOf('empty')} ${speakerOf(answer)}: empty`
				: `${glyphOf('answered')} ${speakerOf(answer)} answered`,
		answer.role === 'member' && answer.instance === null ? null : model,
		answer.role === 'member' && text !== null
			? `confidence ${shareText(parseConfidence(text))}`
			: null,
		durationMs === null ? null : durationText(durationMs),
		nestedRunId === null ? `answer ${responseId}` : `the run ${nestedRunId}`,
	]
		.filter(part => part !== null)
		.join(' · ');
}

function speakerOf({
	role,
	isArbiterResponse,
	instance,
	model,
}: FoundAnswer): string {
	return role === 'member'
		? (instance ?? model ?? 'a member')
		: isArbiterResponse === 1
			? 'final arbiter'
			: 'arbiter';
}

function detailsOf(answer: FoundAnswer, most: number): string[] {
	const {text} = answer;

	return [
		...(text === null ? [] : [tokensText(usageOf([answer]))]),
		evidenceOf(answer),
		// What became a verdict is told by the verdict.
		...(text === null || readable(answer) ? [] : excerpt(text, most)),
	];
}

/**
What an arbiter said, where it can be read as a verdict.
*/
function readable({role, text}: FoundAnswer) {
	const verdict =
		role === 'arbiter' && text !== null ? parseVerdict(text) : null;
	return verdict &&
		(verdict.confidence !== null ||
			verdict.hasSynthesisSection ||
			verdict.ranking.length > 0)
		? verdict
		: null;
}

/**
An arbiter's verdict. What the run came to is the confidence of its final arbiter, also where that one's text does not say so.
*/
function verdictOf(answer: FoundAnswer, run: ShownFoundRun): string[] {
	if (answer.role !== 'arbiter') {
		return [];
	}

	const verdict = readable(answer);
	const confidence =
		verdict?.confidence ??
		(answer.isArbiterResponse === 1 ? run.confidence : null);
	const needsIteration = verdict?.needsIteration ?? null;

	return verdict === null && confidence === null
		? []
		: [
				`verdict of ${speakerOf(answer)}: ${verdictWishes({confidence, agreement: null, needsIteration}).join(' · ')}`,
				...(verdict === null ? [] : verdictDetails({...verdict, problems: []})),
			];
}

const deciders = {
	record: 'as its program recorded it',
	evidence: 'found',
	person: 'decided by you',
} as const satisfies Record<FoundAnswer['decidedBy'], string>;

function evidenceOf({decidedBy, evidence, score}: FoundAnswer): string {
	const marks = evidence.filter(each => each !== 'recorded').join(', ');
	return [
		deciders[decidedBy],
		marks === '' ? '' : ` by ${marks}`,
		decidedBy === 'record' || score === null
			? ''
			: ` (score ${Number(score.toFixed(2))})`,
	].join('');
}

function costLine(calls: readonly FoundAnswer[]): string {
	return [
		'all',
		`${calls.length} call${calls.length === 1 ? '' : 's'}`,
		tokensText(usageOf(calls)),
		costText(null),
	].join(' · ');
}

/**
The tokens of answers together; null where one of them does not tell.
*/
function usageOf(answers: readonly FoundAnswer[]) {
	const sum = (key: 'inputTokens' | 'outputTokens') =>
		answers.length > 0 && answers.every(answer => answer[key] !== null)
			? answers.reduce((total, answer) => total + answer[key]!, 0)
			: null;

	return {
		inputTokens: sum('inputTokens'),
		outputTokens: sum('outputTokens'),
		cachedTokens: null,
		cacheWriteTokens: null,
		reasoningTokens: null,
	};
}
