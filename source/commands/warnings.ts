import {type Config} from '../config/config.js';
import {instancesOf, type SavedConsortium} from '../core/consortium.js';
import {type Model} from '../core/model.js';
import {howToPrice, unpricedOf} from '../core/preflight.js';
import {UserError} from '../core/user-error.js';
import {namesOf} from '../providers/cast.js';
import {providerOf} from '../providers/resolve.js';
import {slipsIn} from '../providers/slips.js';
import {createWorld} from '../world.js';
import {type Place} from './command.js';
import {keyRing} from './key-ring.js';
import {openModels} from './open-models.js';
import {paragraph} from './table.js';

/**
More answers than this are rarely worth what they cost.
*/
const manyInstances = 10;

/**
What a person may not have meant in a consortium of their own making, a sentence each. Nothing here keeps a run from being made.
*/
export function warningsOf(consortium: SavedConsortium): string[] {
	const {members, arbiters} = consortium;
	const {length} = instancesOf(consortium);
	const asked = new Set(members.map(({model}) => fullName(model)));
	const biased = new Set(
		arbiters.map(({model}) => model).filter(each => asked.has(fullName(each))),
	);

	return [
		...[...biased].map(
			model =>
				`${model} is the arbiter and a member: it weighs its own answer.`,
		),
		...(length === 1
			? ['Only one instance answers: there is nothing to compare.']
			: []),
		...(length > manyInstances
			? [`${length} instances answer, and each is called in every iteration.`]
			: []),
		...new Set(
			[...members, ...arbiters].flatMap(({model, options = {}}) =>
				slipsIn(model, options),
			),
		),
	];
}

/**
The same for a consortium that is being saved, with its prices where they can be looked up: its keys need not be here, and no server is asked.
*/
export async function savingWarnings(
	consortium: SavedConsortium,
	config: Config,
	place: Place,
): Promise<string[]> {
	const models = openModels(config, {
		environment: place.environment,
		ring: await keyRing(place, config),
		world: createWorld(),
	});
	const found = new Map<string, Model>();

	for (const name of namesOf(consortium)) {
		try {
			const model = models.find(name);

			if (model) {
				found.set(name, model);
			}
		} catch (error) {
			if (!(error instanceof UserError)) {
				throw error;
			}
		}
	}

	await models.loadPrices();
	return [...warningsOf(consortium), ...priceWarnings(found)];
}

/**
A sentence about the models whose price is unknown. The prices must be loaded.
*/
export function priceWarnings(models: ReadonlyMap<string, Model>): string[] {
	const names = unpricedOf(models);
	const [first] = names;

	return first === undefined
		? []
		: [
				`${names.length === 1 ? `The price of ${first} is unknown, and its cost` : `The prices of ${names.join(', ')} are unknown, and their cost`} is not counted. ${howToPrice(first)}.`,
			];
}

function fullName(model: string): string {
	return model.includes('/') ? model : `${providerOf(model) ?? ''}/${model}`;
}

export function tellWarnings(
	warnings: readonly string[],
	{stderr}: Pick<Place, 'stderr'>,
): void {
	for (const warning of warnings) {
		stderr.write(paragraph(`! ${warning}`, stderr));
	}
}
