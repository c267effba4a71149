import {type RunState} from '../core/run-state.js';
import {type VerdictResult} from '../core/result.js';
import {verdictWords} from '../text/judging.js';
import {confidenceText} from '../text/outcome.js';
import {shareText} from '../text/phrases.js';
import {
	storyOf,
	type AnswerStory,
	type IterationStory,
	type RunStory,
} from './export-story.js';
import {
	agreementRows,
	answerFacts,
	cellOf,
	costCells,
	costHeadings,
	shareOfVerdict,
	verdictHeading,
} from './export-words.js';
import {fenced, inline, markdownTable} from './markdown-text.js';

/**
Runs as Markdown, those of a conversation in order: question and answer, who disagrees and with what, who said what in each iteration, costs. What models and persons wrote cannot act as Markdown.
*/
export function runsMarkdown(runs: readonly RunState[]): string {
	return runs
		.flatMap(run => storyOf(run) ?? [])
		.map(story => `${runLines(story).join('\n\n')}\n`)
		.join('\n---\n\n');
}

function runLines(story: RunStory): string[] {
	const {runId, kind, derivedFrom, question, answer, confidence} = story;
	const {verdict, reasons, iterations, costs, total} = story;

	return [
		`# Run ${inline(runId)}`,
		[
			...story.facts,
			...(derivedFrom === null ? [] : [`${kind} of run ${derivedFrom}`]),
		]
			.map(fact => inline(fact))
			.join(' · '),
		'## Question',
		fenced(question),
		`## Answer (${verdict ? confidenceText(verdict) : `confidence ${shareText(confidence)}`})`,
		answer === null ? 'None.' : fenced(answer),
		...dissentLines(verdict),
		...(reasons.length === 0
			? []
			: [
					'## Why it ended',
					reasons.map(reason => `- ${inline(reason)}`).join('\n'),
				]),
		...(iterations.length === 0
			? []
			: ['## From iteration to iteration', matrix(story)]),
		...iterations.flatMap(iteration => iterationLines(iteration)),
		'## Costs',
		markdownTable([
			costHeadings,
			...[...costs, total].map(row => costCells(row).map(cell => inline(cell))),
		]).join('\n'),
	];
}

/**
What the answer does not share, with who holds it.
*/
function dissentLines(verdict: VerdictResult | null): string[] {
	return verdict === null
		? []
		: [
				'## Dissent',
				...(verdict.dissent.length === 0
					? ['The arbiter names none.']
					: verdict.dissent.flatMap(({text, who}) => [
							`Held by ${inline(who.join(', ') || 'nobody named')}:`,
							fenced(text),
						])),
			];
}

/**
Who said what when: the letter of the group, the one-line answer, the confidence.
*/
function matrix({instances, iterations}: RunStory): string {
	const shareOf = ({verdicts}: IterationStory) => shareOfVerdict(verdicts);

	return markdownTable([
		['', ...iterations.map(({iteration}) => `iteration ${iteration}`)],
		...instances.map(instance => [
			inline(instance),
			...iterations.map(iteration => inline(cellOf(iteration, instance))),
		]),
		['**arbiter**', ...iterations.map(iteration => shareOf(iteration))],
	]).join('\n');
}

function iterationLines(story: IterationStory): string[] {
	return [
		`## Iteration ${story.iteration}`,
		agreementRows(story)
			.map(
				([label, answers]) =>
					`- **${label}**: ${inline([...new Set(answers.map(({instance}) => instance))].join(', '))}`,
			)
			.join('\n'),
		...story.answers.flatMap(answer => answerLines(answer)),
		...story.weighedInside.flatMap(({arbiter, story: inside}) =>
			insideLines(arbiter, inside),
		),
		...story.verdicts.flatMap(verdict => verdictLines(verdict, story)),
		...(story.decisions.length === 0
			? []
			: [
					'### Decisions',
					story.decisions
						.map(line => {
							const text = line.trimStart();
							return `${line.startsWith(' ') ? '  ' : ''}- ${inline(text)}`;
						})
						.join('\n'),
				]),
	];
}

function answerLines(answer: AnswerStory): string[] {
	const {instance, model, final, text} = answer;

	return [
		`### ${inline(instance)} (${inline(model)})`,
		[...answerFacts(answer), ...(final === null ? [] : [`final: ${final}`])]
			.map(fact => inline(fact))
			.join(' · '),
		...(text.trim() === '' ? [] : [fenced(text)]),
		...(answer.inside ? insideLines(instance, answer.inside) : []),
	];
}

/**
What was said in the run of a consortium, as a quotation under what came of it.
*/
function insideLines(speaker: string, story: RunStory): string[] {
	const lines = [
		`**Inside ${inline(speaker)}**: ${story.facts.map(fact => inline(fact)).join(' · ')}`,
		...story.iterations.flatMap(iteration => iterationLines(iteration)),
	];

	return [lines.map(text => text.replaceAll(/^/gm, '> ')).join('\n>\n')];
}

function verdictLines(
	verdict: VerdictResult,
	{verdicts}: IterationStory,
): string[] {
	const {analysis, refinementAreas, problems, synthesis} = verdict;

	return [
		`### ${inline(verdictHeading(verdict, verdicts))}`,
		inline(verdictWords(verdict)),
		...verdict.dissent.flatMap(({text, who}) => [
			`Dissent of ${inline(who.join(', ') || 'nobody named')}:`,
			fenced(text),
		]),
		...(refinementAreas.length === 0
			? []
			: [
					refinementAreas
						.map(area => `- to refine: ${inline(area)}`)
						.join('\n'),
				]),
		...(problems.length === 0
			? []
			: [problems.map(problem => `- ! ${inline(problem)}`).join('\n')]),
		...(analysis.trim() === '' ? [] : ['Analysis:', fenced(analysis)]),
		...(synthesis === null ? [] : ['Synthesis:', fenced(synthesis)]),
	];
}
