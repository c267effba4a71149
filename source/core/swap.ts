import {type Instance, type SavedConsortium} from './consortium.js';
import {type Model} from './model.js';
import {obstacles} from './preflight.js';
import {type Purse} from './purse.js';
import {UserError} from './user-error.js';

/**
The model of this name, for an instance that another model has spoken for.

@throws UserError when it cannot take that place: its options are refused, its price is unknown where there is a budget or a daily limit, or it is simulated and nobody else is. Whatever `findModel` throws.
*/
export async function modelFor(
	name: string,
	{slot, options}: Instance,
	{
		consortium,
		models,
		findModel,
		isSimulated,
		purse = null,
	}: {
		readonly consortium: SavedConsortium;
		readonly models: ReadonlyMap<string, Model>;
		readonly findModel: (name: string) => Promise<Model>;

		/**
		The run already has simulated answers.
		*/
		readonly isSimulated: boolean;
		readonly purse?: Purse | null;
	},
): Promise<Model> {
	const model = models.get(name) ?? (await findModel(name));
	const [obstacle] = obstacles(
		{
			...consortium,
			members: [{slot, model: name, count: 1, options}],
			arbiters: [],
		},
		new Map([[name, model]]),
		{purse},
	);

	if (obstacle) {
		throw obstacle;
	}

	if (model.isSimulated && !isSimulated) {
		throw new UserError(
			`${name} is simulated: its answers mean nothing beside those of real models.`,
			'Name a real model.',
		);
	}

	return model;
}

/**
For runs that were not told how to find models.
*/
export async function findNone(name: string): Promise<never> {
	throw new UserError(
		`The model ${name} is not part of this consortium.`,
		'Name one that is.',
	);
}
