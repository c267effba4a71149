import {costText, glyphOf, shareText, wordOf} from '../text/phrases.js';
import {type VerdictResult} from '../core/result.js';
import {countingVerdict} from '../core/answers.js';
import {standingOf, verdictTitle} from '../text/judging.js';
import {confidenceText} from '../text/outcome.js';
import {type AnswerStory, type IterationStory} from './export-story.js';
import {type SpeakerCosts} from './run-costs.js';

/**
What there is to say of an answer beside itself, in a few words each.
*/
export function answerFacts({
	role,
	state,
	confidence,
	costUsd,
	isLeftOut,
	isCounted,
	failure,
	change,
}: AnswerStory): string[] {
	return [
		`${glyphOf(state)} ${wordOf(state)}`,
		`confidence ${shareText(confidence)}`,
		costText(costUsd),
		...(role === null ? [] : [`role: ${role}`]),
		...(isLeftOut ? ['left out by a person'] : []),
		...(isCounted ? [] : ['another answer took its place']),
		...(failure === null ? [] : [failure]),
		...(change === null
			? []
			: [
					change.isKept
						? 'says the same as before'
						: `changed from “${change.from}” to “${change.to}”`,
				]),
	];
}

/**
Who agrees with whom in an iteration: each group with its letter, then those who stand alone.
*/
export function agreementRows({
	groups,
	answers,
}: Pick<IterationStory, 'groups' | 'answers'>): Array<
	readonly [label: string, answers: readonly AnswerStory[]]
> {
	const alone = answers.filter(({group}) => group === null);
	const isTold = groups.length > 0;

	return [
		...groups.map(
			({letter}) =>
				[
					`Group ${letter}`,
					answers.filter(({group}) => group === letter),
				] as const,
		),
		...(alone.length === 0
			? []
			: [
					[isTold ? 'With nobody' : 'Nothing tells who agrees', alone] as const,
				]),
	];
}

/**
What an instance said in an iteration, for a table of all of them: the letter of its group, its one-line answer, its confidence. Empty when it was not asked.
*/
export function cellOf({answers}: IterationStory, instance: string): string {
	const answer = answers.findLast(
		each => each.instance === instance && each.isCounted,
	);

	return answer
		? [
				...(answer.group === null ? [] : [answer.group]),
				...(answer.state === 'answered' ? [] : [wordOf(answer.state)]),
				...(answer.final === null ? [] : [answer.final]),
				shareText(answer.confidence),
			].join(' · ')
		: '';
}

/**
What a verdict is, whose, and whether it counts where there are several.
*/
export function verdictHeading(
	verdict: VerdictResult,
	verdicts: readonly VerdictResult[],
): string {
	const title = verdictTitle(verdict);
	const standing = standingOf(verdict, verdicts);
	return `${title[0]!.toUpperCase()}${title.slice(1)}${standing === '' ? '' : ` (${standing})`}`;
}

/**
The confidence of the verdict that counts in an iteration.
*/
export function shareOfVerdict(verdicts: readonly VerdictResult[]): string {
	const verdict = countingVerdict({verdicts});
	return verdict
		? verdict.method === 'vote'
			? confidenceText(verdict)
			: shareText(verdict.confidence)
		: '–';
}

export const costHeadings = [
	'speaker',
	'model',
	'calls',
	'input',
	'cached',
	'written',
	'output',
	'reasoning',
	'cost',
] as const;

/**
The cells of a row below `costHeadings`; what nobody told is a question mark, which is not 0.
*/
export function costCells({
	speaker,
	model,
	calls,
	usage,
	costUsd,
	costIsComplete,
}: SpeakerCosts): string[] {
	const {inputTokens, cachedTokens, cacheWriteTokens} = usage;
	const {outputTokens, reasoningTokens} = usage;

	return [
		speaker,
		model,
		String(calls),
		...[
			inputTokens,
			cachedTokens,
			cacheWriteTokens,
			outputTokens,
			reasoningTokens,
		].map(tokens => String(tokens ?? '?')),
		costText(costUsd, costIsComplete),
	];
}
