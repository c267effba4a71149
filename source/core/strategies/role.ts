import {type Instance, type SavedConsortium} from '../consortium.js';
import {choiceParameter, readParameter, textsParameter} from '../parameters.js';
import {shuffled} from '../random.js';
import {defineStrategy} from '../strategy.js';
import {UserError} from '../user-error.js';

const rolesParameter = textsParameter(
	'What is given out: names of roles, or roles in a sentence. Where there are more instances, they repeat evenly.',
);

/**
Everyone looks at the question from another side.
*/
export const role = defineStrategy({
	name: 'role',
	meaning:
		'Each instance is given a role, which ends its system prompt; in a conversation it keeps it.',
	parameters: {
		roles: rolesParameter,
		assign: choiceParameter(
			['seeded', 'in-order'],
			'By a shuffle that is another in each conversation, or in the order of the configuration.',
		),
	},
	decides: ['roles'],
	check({roles}) {
		if (roles.length === 0) {
			throw new UserError(
				'The strategy "role" has no roles to give out.',
				'Name some, as in --role skeptic --role researcher; `consortium-tui strategies` lists them.',
			);
		}
	},
	assign: (instances, seed, {roles, assign}) =>
		withRoles(instances, roles, assign === 'seeded' ? seed : null),
	wrap:
		(inner, {instances}) =>
		run => {
			const step = inner.next(run);

			return run.iterations.length > 0
				? step
				: {
						...step,
						marks: [
							...(step.marks ?? []),
							...instances.flatMap(({id, role: name}) =>
								name === null
									? []
									: {instance: id, mark: 'role', text: `Its role: ${name}`},
							),
						],
					};
		},
});

/**
The roles of a consortium: those of its members and those that are given out.
*/
export function rolesOf({
	members,
	strategies,
}: Pick<SavedConsortium, 'members' | 'strategies'>): string[] {
	return [
		...members.flatMap(({role: own}) => own ?? []),
		...strategies.flatMap(({name, params}) =>
			name === role.name
				? readParameter(rolesParameter, params['roles'], 'role.roles')
				: [],
		),
	];
}

/**
Give roles out to those that have none, each to as many as any other, but for one. Without a seed they go by the order.
*/
export function withRoles(
	instances: readonly Instance[],
	roles: readonly string[],
	seed: number | null,
): Instance[] {
	const {length} = instances.filter(({role: own}) => own === null);
	const order = seed === null ? roles : shuffled(roles, seed);
	const dealt = Array.from(
		{length: roles.length === 0 ? 0 : length},
		(_, index) => order[index % order.length]!,
	);
	// Who has which is chosen anew, or those that come once more would always go to the last.
	const left = seed === null ? dealt : shuffled(dealt, seed + 1);

	return instances.map(instance =>
		instance.role === null
			? {...instance, role: left.shift() ?? null}
			: instance,
	);
}
