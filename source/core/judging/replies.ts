import {standingAlone} from '../reading/final.js';
import {type SavedConsortium} from '../consortium.js';
import {type CallPurpose} from '../model.js';
import {type ParsedVerdict} from '../reading/verdict.js';
import {type CallPicture} from '../run-state.js';
import {satisfies} from '../stop.js';
import {type Judge} from '../strategy.js';
import {type Template, type TemplateName, type Templates} from '../template.js';

export type AskedJudge = Extract<Judge, {readonly brief: unknown}>;
export type AskedMethod = AskedJudge['method'];

const templateNames = {
	synthesis: 'arbiter',
	rank: 'arbiter-rank',
	pick: 'arbiter-pick',
	review: 'reviewer',
} as const satisfies Record<AskedMethod, TemplateName>;

/**
What whoever weighs the answers is told first.
*/
export function templateOfJudge(
	method: AskedMethod,
	templates: Templates,
): Template {
	return templates[templateNames[method]];
}

export function systemOfJudge(
	method: AskedMethod,
	templates: Templates,
): string {
	return templateOfJudge(method, templates).text.trim();
}

export const purposes = {
	synthesis: 'synthesis',
	rank: 'rank',
	pick: 'rank',
	review: 'review',
} as const satisfies Record<AskedMethod, CallPurpose>;

/**
What the arbiters of a consortium are asked for.
*/
export function methodOf({
	judging,
}: Pick<SavedConsortium, 'judging'>): AskedMethod {
	return judging === 'rank' || judging === 'pick' ? judging : 'synthesis';
}

const descriptions = {
	synthesis: '<synthesis>the complete answer</synthesis>',
	ranking: '<ranking>the labels, the best first</ranking>',
	confidence: '<confidence>a number from 0 to 1</confidence>',
	needsIteration: '<needs_iteration>true or false</needs_iteration>',
};

/**
The sections worth a second question. Whether another iteration is needed is only asked for when the run would go one way or the other by it. A review is not worth one.
*/
export function missingSections(
	{hasSynthesisSection, ranking, confidence, needsIteration}: ParsedVerdict,
	method: AskedMethod,
	consortium: SavedConsortium,
): string[] {
	if (method === 'review') {
		return [];
	}

	const hangsOnIt =
		consortium.until.length === 0 &&
		satisfies({confidence, needsIteration: true}, consortium) !==
			satisfies({confidence, needsIteration: false}, consortium);

	return [
		method === 'synthesis' && !hasSynthesisSection
			? descriptions.synthesis
			: null,
		method !== 'synthesis' && ranking.length === 0
			? descriptions.ranking
			: null,
		confidence === null ? descriptions.confidence : null,
		needsIteration === null && hangsOnIt ? descriptions.needsIteration : null,
	].filter(section => section !== null);
}

/**
The sections of two replies, what the first one lacks taken from the second.
*/
export function repaired(
	first: ParsedVerdict,
	second: ParsedVerdict,
): ParsedVerdict {
	const takesSynthesis =
		!first.hasSynthesisSection && second.hasSynthesisSection;

	return {
		...first,
		...(takesSynthesis && {
			synthesis: second.synthesis,
			hasSynthesisSection: true,
		}),
		ranking: first.ranking.length > 0 ? first.ranking : second.ranking,
		confidence: first.confidence ?? second.confidence,
		needsIteration: first.needsIteration ?? second.needsIteration,
		problems: [
			...first.problems,
			'The arbiter was asked once more for what its reply left out.',
		],
	};
}

/**
Whether a reply says what it was asked for, so that there is a verdict.
*/
export function isVerdict(
	{synthesis}: ParsedVerdict,
	ranking: ReadonlyArray<readonly string[]>,
	method: AskedMethod,
): boolean {
	return method === 'synthesis' ? synthesis !== null : ranking.length > 0;
}

/**
The answer that a verdict gives: what the arbiter wrote or, where it put the answers in order, the best one word for word. A review gives none.
*/
export function answerOf(
	written: string | null,
	method: AskedMethod,
	{
		ranking,
		answers,
	}: {
		readonly ranking: ReadonlyArray<readonly string[]>;
		readonly answers: readonly CallPicture[];
	},
): string | null {
	if (method === 'synthesis') {
		return written;
	}

	const best = answers.find(({start}) => start.speaker === ranking[0]?.[0]);
	return method === 'review' || !best ? null : standingAlone(best.text);
}
