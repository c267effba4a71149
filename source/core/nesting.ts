import {type SavedConsortium} from './consortium.js';
import {UserError} from './user-error.js';

/**
Saved consortiums by name.
*/
export type Consortiums = ReadonlyMap<string, SavedConsortium>;

type Named = Pick<SavedConsortium, 'name' | 'members' | 'arbiters'>;

export const noConsortiums: Consortiums = new Map();

/**
So many consortiums stand inside one another at most, the outermost counted.
*/
export const deepest = 3;
const mostInstances = 256;

/**
The consortium that a member or an arbiter of this name is; undefined for a model. A consortium never means itself, so that a model may have its name.
*/
export function nestedAs(
	model: string,
	{name}: Pick<SavedConsortium, 'name'>,
	saved: Consortiums,
): SavedConsortium | undefined {
	return model === name ? undefined : saved.get(model);
}

/**
Every consortium that answers inside of this one, however deep, by its name.

@throws UserError for one that is inside itself, consortiums too deep inside one another, options that only a model takes, one without members, and more than 256 instances in all.
*/
export function nestedIn(
	consortium: Named,
	saved: Consortiums,
): Map<string, SavedConsortium> {
	const found = new Map<string, SavedConsortium>();

	const countIn = (current: Named, path: readonly string[]) => {
		const {members, arbiters} = current;
		let instances = members.reduce((sum, {count}) => sum + count, 0);

		for (const each of [
			...members,
			...arbiters.map(arbiter => ({...arbiter, count: 1})),
		]) {
			const inner = nestedAs(each.model, current, saved);

			if (inner) {
				const way = [...path, each.model];
				assertNestable(inner, each.options ?? {}, way);
				found.set(each.model, inner);
				instances += each.count * countIn(inner, way);

				if (instances > mostInstances) {
					throw new UserError(
						`With those inside of ${path.join(' → ')} there are more than ${mostInstances} instances.`,
						'Name fewer members, or smaller counts as in NAME:2.',
					);
				}
			}
		}

		return instances;
	};

	countIn(consortium, [consortium.name]);
	return found;
}

/**
The names of those that can answer inside of a consortium of this name.
*/
export function nestableIn(name: string, saved: Consortiums): string[] {
	return saved
		.keys()
		.filter(inner => {
			const member = {slot: inner, model: inner, count: 1};

			try {
				return nestedIn({name, members: [member], arbiters: []}, saved).has(
					inner,
				);
			} catch (error) {
				if (error instanceof UserError) {
					return false;
				}

				throw error;
			}
		})
		.toArray();
}

function assertNestable(
	inner: SavedConsortium,
	options: Readonly<Record<string, unknown>>,
	way: readonly string[],
): void {
	const name = way.at(-1)!;

	if (way.indexOf(name) < way.length - 1) {
		throw new UserError(
			`A consortium cannot be inside itself: ${way.join(' → ')}.`,
			`Name another member or arbiter. A model of that name: PROVIDER/${name}`,
		);
	}

	if (way.length > deepest) {
		throw new UserError(
			`At most ${deepest} consortiums stand inside one another, not ${way.join(' → ')}.`,
			'Name the members of the innermost one directly.',
		);
	}

	const keys = Object.keys(options);

	if (keys.length > 0) {
		throw new UserError(
			`"${name}" is a saved consortium and takes no options of a model: ${keys.join(', ')}.`,
			`Set them for its own members. A model of that name: PROVIDER/${name}`,
		);
	}

	if (inner.members.length === 0) {
		throw new UserError(
			`The consortium "${name}" has no members of its own, so that it cannot answer inside another.`,
			'Give it some.',
		);
	}
}

/**
Every model that a run of this consortium calls, also inside of those in it, once each, by its name in the configuration.

@throws UserError as `nestedIn`.
*/
export function modelsIn(
	consortium: Named,
	saved: Consortiums,
): ReadonlySet<string> {
	return new Set(
		wholeOf(consortium, saved).flatMap(each =>
			namesIn(each).filter(name => !nestedAs(name, each, saved)),
		),
	);
}

/**
The consortium and every one that answers inside of it.

@throws UserError as `nestedIn`.
*/
export function wholeOf<Outer extends Named>(
	consortium: Outer,
	saved: Consortiums,
): ReadonlyArray<Outer | SavedConsortium> {
	return [consortium, ...nestedIn(consortium, saved).values()];
}

/**
Each model or consortium that is named in a consortium once.
*/
export function namesIn({
	members,
	arbiters,
}: Pick<SavedConsortium, 'members' | 'arbiters'>): string[] {
	return [...new Set([...members, ...arbiters].map(({model}) => model))];
}
