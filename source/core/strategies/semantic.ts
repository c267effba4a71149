import {compare} from '../agreement.js';
import {answersOf, isUsable} from '../answers.js';
import {parametersOf, type SavedConsortium} from '../consortium.js';
import {completeLinkage, densityGroups} from '../linkage.js';
import {type Observation, type ObservationRequest} from '../observation.js';
import {
	choiceParameter,
	modelParameter,
	numberParameter,
	type ValuesOf,
} from '../parameters.js';
import {withReason} from '../plain-reasons.js';
import {canonicalFinal} from '../reading/canonical.js';
import {withoutClosing} from '../reading/final.js';
import {type CallPicture, type IterationPicture} from '../run-state.js';
import {formsOf} from '../similarity.js';
import {defineStrategy, type Note, type Step, type View} from '../strategy.js';

const parameters = {
	embedding: modelParameter(
		'The model that says how alike two answers are, such as openai/text-embedding-3-small; without one their wording is compared',
	),
	threshold: numberParameter(
		0.7,
		{from: 0, to: 1},
		'How alike each two of those who are heard have to be (complete)',
	),
	method: choiceParameter(
		['complete', 'dbscan'],
		'Whether each of those who are heard is like each other, or like some other',
	),
	eps: numberParameter(
		0.3,
		{from: 0, to: 2},
		'How far apart neighbours may be, as 1 less their likeness (dbscan)',
	),
	minPoints: numberParameter(
		2,
		{from: 1, to: 64, isWhole: true},
		'How many have to be near each other, itself included, for a group to grow from there (dbscan)',
	),
};

type Rules = ValuesOf<typeof parameters>;

/**
Who is like nobody is not heard.
*/
export const semantic = defineStrategy({
	name: 'semantic',
	meaning:
		'Answers are compared by an embedding model, or by their wording where there is none: the largest group of alike ones is weighed, and whoever stands apart is named and not shown to the arbiter. Their votes and their share of the agreement count all the same. This is likeness of form, which is no agreement.',
	parameters,
	decides: ['who is heard'],
	wrap(inner, _context, rules) {
		let latest: {readonly key: string; readonly shape: Shape} | null = null;

		return run => {
			const current = run.iterations.at(-1);
			const answers = current
				? answersOf(current)
						.filter(call => isUsable(call))
						// The order in which they came does not matter.
						.toSorted((left, right) =>
							compare(left.start.speaker, right.start.speaker),
						)
				: [];

			// Of two, none stands apart from the others.
			if (!current || answers.length < 3) {
				return inner.next(run);
			}

			const request = requestFor(answers, rules);
			const found = request && foundIn(run, current, request);

			if (request && !found) {
				const step = inner.next(run);
				return step.type === 'judge'
					? {
							type: 'observe',
							observe: request,
							reason: `How alike the ${answers.length} answers are in the eyes of ${request.model}.`,
						}
					: step;
			}

			const key = [
				...answers.map(({start}) => start.callId),
				found ? 'meaning' : 'wording',
			].join('|');

			if (latest?.key !== key) {
				const matrix =
					matrixIn(found) ??
					formsOf(answers.map(({text}) => withoutClosing(text)));
				latest = {key, shape: shapeOf(answers, matrix, rules)};
			}

			const {shape} = latest;
			const step = inner.next(withoutOutliers(run, shape));

			return step.type === 'judge' && current.verdicts.length === 0
				? told(step, shape, {
						iteration: current.iteration,
						basis: basisOf(found, rules),
					})
				: step;
		};
	},
});

/**
The embedding model that a consortium names; null for none.
*/
export function embeddingOf(
	consortium: Pick<SavedConsortium, 'strategies'>,
): string | null {
	const given = parametersOf(consortium, semantic.name)?.['embedding'];
	return typeof given === 'string' ? given : null;
}

type Request = Extract<ObservationRequest, {kind: 'similarity'}>;
type Found = Extract<Observation, {kind: 'similarity'}>;

function requestFor(
	answers: readonly CallPicture[],
	{embedding}: Rules,
): Request | null {
	return embedding === null
		? null
		: {
				kind: 'similarity',
				model: embedding,
				answers: answers.map(({start, text}) => ({
					instance: start.speaker,
					callId: start.callId,
					text: withoutClosing(text),
				})),
			};
}

/**
What was found out about these very answers.
*/
function foundIn(
	run: View,
	{iteration}: IterationPicture,
	{model, answers}: Request,
): Found | null {
	const wanted = answers.map(({callId}) => callId).join('|');
	const found = run.observations.findLast(
		({iteration: of, observation}) =>
			of === iteration &&
			observation.kind === 'similarity' &&
			observation.model === model &&
			observation.calls.join('|') === wanted,
	)?.observation;

	return found?.kind === 'similarity' ? found : null;
}

/**
The likenesses that were found; null where there was a problem.
*/
function matrixIn(found: Found | null): Found['matrix'] | null {
	const size = found?.calls.length;

	return found?.problem === null &&
		found.matrix.length === size &&
		found.matrix.every(
			row => row.length === size && row.every(each => Number.isFinite(each)),
		)
		? found.matrix
		: null;
}

function basisOf(found: Found | null, {embedding}: Rules): string {
	return embedding === null
		? 'by wording'
		: matrixIn(found)
			? `in the eyes of ${embedding}`
			: `by wording, since ${embedding} could not be asked: ${(found?.problem ?? 'Its reply cannot be read').replace(/\.$/v, '')}`;
}

/**
How the answers stand to each other: those who are heard, how alike they are on average, and who stands apart, with how like those it is on average.
*/
type Shape = {
	readonly heard: readonly string[];
	readonly form: number;
	readonly outliers: ReadonlyArray<{
		readonly instance: string;
		readonly form: number;
	}>;
};

/**
The largest group is heard, with whoever ends in the same as one of it; where there are several of that size, or nobody is like another, everyone is.
*/
function shapeOf(
	answers: readonly CallPicture[],
	matrix: ReadonlyArray<readonly number[]>,
	{method, threshold, eps, minPoints}: Rules,
): Shape {
	const all = answers.map(({start}) => start.speaker);
	const groups =
		method === 'complete'
			? completeLinkage(matrix, threshold)
			: densityGroups(matrix, {eps, minPoints});
	const [largest, second] = groups;
	const alike =
		largest!.length === (second?.length ?? 0) ? all.keys().toArray() : largest!;
	const values = answers.map(({outcome}) =>
		outcome?.final ? canonicalFinal(outcome.final) : null,
	);
	const said = new Set(alike.map(index => values[index] ?? null));
	// Whoever comes to the same in other words does not stand apart.
	const kept = all
		.keys()
		.filter(
			index =>
				alike.includes(index) ||
				(values[index] !== null && said.has(values[index]!)),
		)
		.toArray();
	const formTo = (index: number) =>
		mean(
			kept
				.filter(other => other !== index)
				.map(other => matrix[index]![other]!),
		);

	return {
		heard: kept.map(index => all[index]!),
		form: mean(kept.map(index => formTo(index))),
		outliers: all.flatMap((instance, index) =>
			kept.includes(index) ? [] : [{instance, form: formTo(index)}],
		),
	};
}

const mean = (numbers: readonly number[]) =>
	numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

/**
The picture in which those who stand apart are not heard.
*/
function withoutOutliers(run: View, {outliers}: Shape): View {
	return outliers.length === 0
		? run
		: {
				...run,
				unheard: outliers.map(({instance}) => instance),
				notes: [...(run.notes ?? []), noteOf(outliers.length)],
			};
}

function noteOf(count: number): Note {
	return () =>
		`${count === 1 ? 'One more answer was' : `${count} more answers were`} given and ${count === 1 ? 'is' : 'are'} not shown: in form ${count === 1 ? 'it stands' : 'they stand'} apart from these. That does not make ${count === 1 ? 'it' : 'them'} wrong.`;
}

function told(
	step: Extract<Step, {type: 'judge'}>,
	{heard, form, outliers}: Shape,
	{iteration, basis}: {readonly iteration: number; readonly basis: string},
): Step {
	const figure = `(form ${form.toFixed(2)}, which is no agreement)`;

	return {
		...step,
		reason: withReason(
			step.reason,
			outliers.length === 0
				? `None of the ${heard.length} is left out ${figure}, ${basis}.`
				: `${heard.length} are alike ${figure} and ${outliers.map(({instance}) => instance).join(', ')} ${outliers.length === 1 ? 'stands' : 'stand'} apart, ${basis}.`,
		),
		marks: [
			...(step.marks ?? []),
			...outliers.map(each => ({
				instance: each.instance,
				mark: 'outlier',
				text: `Its answer in iteration ${iteration} stands apart (form ${each.form.toFixed(2)} to the others) and is not heard.`,
			})),
		],
	};
}
