import {closest} from '../closest.js';
import {instancesOf, type Instance} from '../consortium.js';
import {weightsParameter, type ValuesOf} from '../parameters.js';
import {defineStrategy, type Note} from '../strategy.js';
import {UserError} from '../user-error.js';
import {accuracyWeight} from '../votes.js';

const parameters = {
	weights: weightsParameter(
		'What the word of each counts for, 1 being normal, by instance, slot or model; who is not named has the weight of its member',
	),
	accuracy: weightsParameter(
		'How often each is right, from 0 to 1, in the same way: its weight is made of that where none is given',
		1,
	),
};

type Given = ValuesOf<typeof parameters>;

/**
Some count for more than others.
*/
export const weighted = defineStrategy({
	name: 'weighted',
	meaning:
		'Some count for more than others: the arbiter is told whose word counts how much, and votes are weighed by it.',
	parameters,
	decides: ['weights'],
	check(given, consortium) {
		const instances = instancesOf(consortium);
		const names = [...new Set(instances.flatMap(each => namesOf(each)))];

		for (const name of Object.values(given).flatMap(each =>
			Object.keys(each),
		)) {
			if (!names.includes(name)) {
				throw new UserError(
					`A weight is given to "${name}", which is no instance, slot or model of the consortium.`,
					`Known: ${names.join(', ')}.${closest(name, names)}`,
				);
			}
		}

		if (
			instances.every(({weight}) => weight === 1) &&
			Object.values(given).every(each => Object.keys(each).length === 0)
		) {
			throw new UserError(
				'The strategy "weighted" has no weights.',
				`Give some with weighted.weights, as in {"${names[0] ?? 'NAME'}": 2}, or to a member, as its weight.`,
			);
		}

		if (instances.every(each => weightOf(each, given) === 0)) {
			throw new UserError(
				'All weights are 0, so that nobody counts.',
				'Give somebody a weight above 0.',
			);
		}
	},
	assign: (instances, _seed, given) =>
		instances.map(each => ({...each, weight: weightOf(each, given)})),
	wrap(inner, {instances}) {
		const [first] = instances;

		if (instances.every(({weight}) => weight === first?.weight)) {
			return inner.next;
		}

		return run => {
			const step = inner.next({
				...run,
				notes: [...(run.notes ?? []), noteOf(instances)],
			});
			const marks = instances.map(({id, weight}) => ({
				instance: id,
				mark: 'weight',
				text: `Its word counts ${shown(weight)}.`,
			}));

			return step.type === 'ask'
				? {...step, marks: [...(step.marks ?? []), ...marks]}
				: step;
		};
	},
});

/**
The names by which a weight can be given to an instance, the one that says most first.
*/
function namesOf({id, slot, model}: Instance): string[] {
	return [id, slot, model];
}

function weightOf(instance: Instance, {weights, accuracy}: Given): number {
	const givenIn = (given: Readonly<Record<string, number>>) => {
		const name = namesOf(instance).find(each => Object.hasOwn(given, each));
		return name === undefined ? null : given[name]!;
	};

	const share = givenIn(accuracy);

	return (
		givenIn(weights) ??
		(share === null ? instance.weight : accuracyWeight(share))
	);
}

function noteOf(instances: readonly Instance[]): Note {
	return labelOf => {
		const labelled = instances
			.flatMap(({id, weight}) => {
				const label = labelOf(id);
				return label === null ? [] : [`${label} ${shown(weight)}`];
			})
			.toSorted();

		return labelled.length === 0
			? null
			: `The answers do not count alike. What each counts for, 1 being normal: ${labelled.join(', ')}. Where they differ, lean towards those that count for more, as far as their reasons hold.`;
	};
}

const shown = (weight: number) => String(Number(weight.toPrecision(3)));
