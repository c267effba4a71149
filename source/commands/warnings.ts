import path from 'node:path';
import {type Config} from '../config/config.js';
import {foldersOf} from '../config/folders.js';
import {
	instancesOf,
	parametersOf,
	type SavedConsortium,
} from '../core/consortium.js';
import {type Model} from '../core/model.js';
import {modelsIn, namesIn} from '../core/nesting.js';
import {howToPrice, unpricedOf} from '../core/preflight.js';
import {roleTextOf} from '../core/roles.js';
import {strategies} from '../core/strategies/known.js';
import {rolesOf} from '../core/strategies/role.js';
import {isArbiterSpared, voteIn} from '../core/strategies/voting.js';
import {untilIn} from '../core/until.js';
import {UserError} from '../core/user-error.js';
import {knownModels} from '../providers/catalog.js';
import {providerOf} from '../providers/resolve.js';
import {slipsIn} from '../providers/slips.js';
import {findRoles} from '../prompts.js';
import {createWorld} from '../world.js';
import {type Place} from './command.js';
import {keyRing} from './key-ring.js';
import {savedConsortiums} from './known-consortiums.js';
import {openModels} from './open-models.js';
import {paragraph} from './table.js';

/**
More answers than this are rarely worth what they cost.
*/
const manyInstances = 10;

/**
What elimination keeps when nobody says it.
*/
const leastKept = Number(
	strategies
		.find(({name}) => name === 'elimination')!
		.parameters.find(({name}) => name === 'minimum')!.default,
);

/**
What stands among the options of a member in its spec and is its own.
*/
const ownKeys = ['system', 'role', 'weight'];

/**
What a person may not have meant in a consortium of their own making, a sentence each. Nothing here keeps a run from being made.
*/
export function warningsOf(consortium: SavedConsortium): string[] {
	const {name, members, arbiters} = consortium;
	const known = new Set(
		knownModels.flatMap(({provider, model}) => [model, `${provider}/${model}`]),
	);
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
		...(known.has(name) || !namesIn(consortium).includes(name)
			? []
			: [
					`${name} means a model of that name here, which is not one we know: a consortium cannot be inside itself.`,
				]),
		...idleIn(consortium),
		...new Set([
			...members.flatMap(({model, options = {}}) =>
				slipsIn(model, options, ownKeys),
			),
			...arbiters.flatMap(({model, options = {}}) => slipsIn(model, options)),
		]),
	];
}

/**
What is asked for of judging and strategies and comes to nothing.
*/
function idleIn(consortium: SavedConsortium): string[] {
	const {members, arbiters, judging} = consortium;
	const {length} = instancesOf(consortium);
	const [elimination, voting, weighted] = [
		'elimination',
		'voting',
		'weighted',
	].map(name => parametersOf(consortium, name));
	const least = Number(elimination?.['minimum'] ?? leastKept);
	const semantic = parametersOf(consortium, 'semantic') ?? {};
	const idle = (
		semantic['method'] === 'dbscan' ? ['threshold'] : ['eps', 'minPoints']
	).filter(name => isGiven(semantic[name]));
	const weighed = members.filter(({weight = 1}) => weight !== 1);

	return [
		judging === 'panel' && arbiters.length < 2
			? 'A panel of one arbiter is that arbiter alone, whose confidence is the median: name several, as in --arbiter A,B,C.'
			: null,
		judging === 'peer' && length < 3
			? `Nobody is reviewed: peer review takes 3 instances at least, and ${length === 1 ? '1 answers' : `${length} answer`}.`
			: null,
		elimination && least >= length
			? `Nobody can be eliminated: elimination.minimum keeps ${least}, and ${length === 1 ? '1 instance answers' : `${length} instances answer`}.`
			: null,
		weighed.length > 0 && !weighted && !voting
			? `The weight of ${weighed.map(({slot}) => slot).join(', ')} counts for nothing: only the strategies weighted and voting go by weights.`
			: null,
		...idleInVotes(consortium),
		...idle.map(
			name =>
				`semantic.${name} does nothing with the method ${semantic['method'] === 'dbscan' ? 'dbscan' : 'complete'}.`,
		),
	].filter(warning => warning !== null);
}

/**
Null is as if nothing were given.
*/
const isGiven = (value: unknown) => (value ?? null) !== null;

/**
What is asked for and a vote does not go by, or never meets.
*/
function idleInVotes(consortium: SavedConsortium): string[] {
	const {threshold} = parametersOf(consortium, 'voting') ?? {};
	const {rule} = voteIn(consortium);
	const conditions = isArbiterSpared(consortium)
		? consortium.until.filter(each => untilIn(each).kind === 'confidence')
		: [];

	return [
		...(!isGiven(threshold) || rule === 'majority'
			? []
			: [`voting.threshold does nothing with the rule ${rule}.`]),
		...conditions.map(
			condition =>
				`No vote meets ${condition}, since it has no confidence: only a verdict of the arbiter does, as with voting.arbiter=always.`,
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

	const saved = savedConsortiums(config);

	for (const name of modelsIn(consortium, saved)) {
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
	return [
		...warningsOf(consortium),
		...strangeRoles(consortium, place),
		...priceWarnings(found),
	];
}

/**
Roles that cannot be given out as things are, a sentence each; their files may still be written.
*/
function strangeRoles(
	consortium: SavedConsortium,
	{environment}: Pick<Place, 'environment'>,
): string[] {
	const folder = path.join(foldersOf(environment).config, 'prompts');

	return [...new Set(rolesOf(consortium))].flatMap(role => {
		try {
			roleTextOf({role}, findRoles(folder));
			return [];
		} catch (error) {
			if (!(error instanceof UserError)) {
				throw error;
			}

			return `${error.message} ${error.hint}`.trim();
		}
	});
}

/**
A sentence about the models whose price is unknown, `unpriced` among them. The prices must be loaded.
*/
export function priceWarnings(
	models: ReadonlyMap<string, Model>,
	unpriced: readonly string[] = [],
): string[] {
	const names = [...unpricedOf(models), ...unpriced];
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
