import {type Parent} from '../../store/backfill/found.js';
import {type FoundAnswer, type ShownFoundRun} from '../../store/found-runs.js';
import {columnsOf, wrapped} from '../../text/columns.js';
import {durationText, shareText} from '../../text/phrases.js';
import {excerpt, localTime} from '../table.js';

/**
An imported run told in lines: the question, each iteration with its members and arbiters and what speaks for their place, the answer, and what is missing or odd. `width` is in columns; `clean` makes text of others harmless where a terminal shows it.
*/
export function foundRunLines(
	run: ShownFoundRun,
	{
		width,
		clean,
	}: {readonly width: number; readonly clean: (text: string) => string},
): string[] {
	const write = (text: string, indent = '') =>
		wrapped(clean(text), Math.max(20, width - columnsOf(indent))).map(line =>
			`${indent}${line}`.trimEnd(),
		);
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
					...write(excerptOf(answer), '      '),
				]),
				'',
			],
		),
		'Answer',
		...write(run.answer ?? 'None is in the log.', '  '),
		...output.flatMap(answer => write(evidenceOf(answer), '      ')),
		...(run.problems.length === 0 ? [] : ['', 'What is missing or odd']),
		...run.problems.flatMap(problem => write(problem, '  ')),
	];
}

function headOf(run: ShownFoundRun): string[] {
	return [
		`run ${run.id}: imported${run.recordedId === null || run.recordedId === run.id ? '' : `, recorded as ${run.recordedId}`}`,
		[
			run.consortium ?? 'consortium unknown',
			localTime(run.startedAt),
			run.durationMs === null ? null : durationText(run.durationMs),
			`confidence ${shareText(run.confidence)}`,
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
	const who =
		answer.role === 'member'
			? 'member'
			: answer.isArbiterResponse === 1
				? 'final arbiter'
				: 'arbiter';

	return [
		`${who} ${answer.instance ?? answer.model ?? 'unknown'}`,
		answer.instance === null ? null : answer.model,
		answer.durationMs === null ? null : durationText(answer.durationMs),
		evidenceOf(answer),
		answer.nestedRunId === null
			? answer.responseId
			: `the run ${answer.nestedRunId}`,
	]
		.filter(part => part !== null)
		.join(' · ');
}

const deciders = {
	record: 'recorded',
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

function excerptOf({text}: FoundAnswer): string {
	return text === null ? 'Its text is not in the log.' : excerpt(text);
}
