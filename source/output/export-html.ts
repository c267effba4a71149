import {createHash} from 'node:crypto';
import {type RunState} from '../core/run-state.js';
import {type VerdictResult} from '../core/result.js';
import {verdictWords} from '../text/judging.js';
import {confidenceText} from '../text/outcome.js';
import {
	storyOf,
	type AnswerStory,
	type IterationStory,
	type RunStory,
} from './export-story.js';
import {exportStyle} from './export-style.js';
import {
	agreementRows,
	answerFacts,
	cellOf,
	costCells,
	costHeadings,
	shareOfVerdict,
	verdictHeading,
} from './export-words.js';
import {
	beginningOf,
	folded,
	foldedText,
	htmlTable,
	list,
	measure,
	textBlock,
} from './html-parts.js';
import {markup, type Html} from './html-text.js';

/**
Nothing is loaded and nothing runs, whatever the page holds; of styles only our own count.
*/
const policy = [
	`default-src 'none'`,
	`style-src 'sha256-${createHash('sha256').update(exportStyle).digest('base64')}'`,
	`base-uri 'none'`,
	`form-action 'none'`,
].join('; ');

/**
Runs as one page of HTML that needs no network and no script, those of a conversation in order. All text of models and persons is text in it.
*/
export function runsHtml(runs: readonly RunState[]): string {
	const stories = runs.flatMap(run => storyOf(run) ?? []);
	const title = beginningOf(stories[0]?.question ?? 'No run', 80);
	const page = markup`<!doctype html>
<html lang="en">
<head>
	<meta charset="utf-8">
	<meta http-equiv="Content-Security-Policy" content="${{markup: policy}}">
	<meta name="viewport" content="width=device-width, initial-scale=1">
	<meta name="color-scheme" content="light dark">
	<meta name="referrer" content="no-referrer">
	<title>${title}</title>
	<style>${{markup: exportStyle}}</style>
</head>
<body>
	<main>
		${stories.map(story => runArticle(story))}
	</main>
</body>
</html>
`;

	return page.markup;
}

function runArticle(story: RunStory): Html {
	const {runId, kind, derivedFrom, question, facts, reasons} = story;
	const {iterations, costs, total} = story;
	const from = derivedFrom === null ? [] : [`${kind} of run ${derivedFrom}`];

	return markup`<article class="run">
		<h1>Question</h1>
		${foldedText(question, 'question')}
		<p class="dim">${[...facts, ...from, `run ${runId}`].join(' · ')}</p>
		${outcome(story)}
		${
			reasons.length === 0
				? []
				: [
						markup`<h2>Why it ended</h2>
							${list(reasons.map(reason => markup`<bdi>${reason}</bdi>`))}`,
					]
		}
		${
			iterations.length === 0
				? []
				: [markup`<h2>From iteration to iteration</h2>`, matrix(story)]
		}
		${iterations.map(iteration => iterationSection(iteration, story.threshold))}
		<h2>Costs</h2>
		${htmlTable([costHeadings, ...[...costs, total].map(row => costCells(row))], 2)}
	</article>`;
}

/**
The answer, and beside it what it does not share, with who holds it.
*/
function outcome({answer, confidence, threshold, verdict}: RunStory): Html {
	const dissent =
		verdict === null
			? []
			: [
					markup`<aside class="dissent">
						<h2>Dissent</h2>
						${verdict.dissent.length === 0 ? markup`<p>The arbiter names none.</p>` : dissentList(verdict)}
					</aside>`,
				];

	return markup`<div class="outcome">
		<section class="answer">
			<h2>Answer</h2>
			${verdict?.method === 'vote' ? markup`<p class="dim">${confidenceText(verdict)}</p>` : measure('confidence', confidence, threshold)}
			${answer === null ? markup`<p>None.</p>` : textBlock(answer)}
		</section>
		${dissent}
	</div>`;
}

function dissentList({dissent}: VerdictResult): Html {
	return list(
		dissent.map(
			({text, who}) =>
				markup`<strong><bdi>${who.join(', ') || 'nobody named'}</bdi></strong>
					${textBlock(text)}`,
		),
	);
}

/**
Who said what when: the letter of the group, the one-line answer, the confidence.
*/
function matrix({instances, iterations}: RunStory): Html {
	return htmlTable([
		['', ...iterations.map(({iteration}) => `iteration ${iteration}`)],
		...instances.map(instance => [
			instance,
			...iterations.map(iteration => cellOf(iteration, instance)),
		]),
		['arbiter', ...iterations.map(({verdicts}) => shareOfVerdict(verdicts))],
	]);
}

const groupColors = 6;

function iterationSection(story: IterationStory, threshold: number): Html {
	const {iteration, verdicts, groups} = story;
	const styleOf = (index: number) =>
		index < groups.length ? `g${index % groupColors}` : 'alone';

	return markup`<section>
		<h2>Iteration ${iteration}</h2>
		${verdicts
			.filter(({method}) => method !== 'review' && method !== 'vote')
			.map(verdict =>
				measure(
					`${verdict.arbiter}: confidence`,
					verdict.confidence,
					threshold,
				),
			)}
		<div class="columns">
			${agreementRows(story).map(
				([label, answers], index) =>
					markup`<section class="group ${styleOf(index)}">
						<h3>${label}</h3>
						${answers.map(answer => answerCard(answer))}
					</section>`,
			)}
		</div>
		${story.weighedInside.map(({arbiter, story: inside}) => insidePart(arbiter, inside))}
		${verdicts.map(verdict => verdictPart(verdict, verdicts))}
		${story.decisions.length === 0 ? [] : [markup`<h3>Decisions</h3>`, list(story.decisions.map(line => markup`<bdi>${line.trim()}</bdi>`))]}
	</section>`;
}

function answerCard(answer: AnswerStory): Html {
	const {instance, model, final, text, confidence} = answer;

	return markup`<article class="card">
		<h3><bdi>${instance}</bdi> <span class="dim">${model}</span></h3>
		${final === null ? [] : [markup`<p class="final" dir="auto">${final}</p>`]}
		${measure('confidence', confidence, null)}
		<p class="dim" dir="auto">${answerFacts(answer).join(' · ')}</p>
		${text.trim() === '' ? [] : [folded('The answer', textBlock(text))]}
		${answer.inside ? [insidePart(instance, answer.inside)] : []}
	</article>`;
}

/**
What was said in the run of a consortium, folded away behind what it came to.
*/
function insidePart(speaker: string, story: RunStory): Html {
	return folded(
		[`Inside ${speaker}`, ...story.facts].join(' · '),
		markup`<div class="inside">
			${story.iterations.map(iteration => iterationSection(iteration, story.threshold))}
		</div>`,
	);
}

function verdictPart(
	verdict: VerdictResult,
	verdicts: readonly VerdictResult[],
): Html {
	const {analysis, synthesis, refinementAreas, problems} = verdict;
	const notes = [
		...refinementAreas.map(area => `to refine: ${area}`),
		...problems.map(problem => `! ${problem}`),
	];

	return markup`<h3>${verdictHeading(verdict, verdicts)}</h3>
		<p class="dim">${verdictWords(verdict)}</p>
		${verdict.dissent.length === 0 ? [] : [dissentList(verdict)]}
		${notes.length === 0 ? [] : [list(notes.map(note => markup`<bdi>${note}</bdi>`))]}
		${analysis.trim() === '' ? [] : [folded('Analysis', textBlock(analysis))]}
		${synthesis === null ? [] : [folded('Synthesis', textBlock(synthesis))]}`;
}
