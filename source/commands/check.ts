import path from 'node:path';
import {type SavedConsortium} from '../core/consortium.js';
import {type Embedder} from '../core/embedder.js';
import {forecastRun, type Forecast} from '../core/forecast.js';
import {type History} from '../core/history.js';
import {type Model} from '../core/model.js';
import {modelsIn, wholeOf, type Consortiums} from '../core/nesting.js';
import {obstacles, unpricedEmbeddings} from '../core/preflight.js';
import {roleTextOf} from '../core/roles.js';
import {rolesOf} from '../core/strategies/role.js';
import {embeddingOf} from '../core/strategies/semantic.js';
import {tierNotes} from '../core/strategies/tier-costs.js';
import {type Templates} from '../core/template.js';
import {UserError} from '../core/user-error.js';
import {type World} from '../core/world.js';
import {createObserver} from '../observers/observer.js';
import {findRoles, readTemplate, templateNames} from '../prompts.js';
import {named} from '../providers/cast.js';
import {historyOrWarning} from './history.js';
import {priceWarnings} from './warnings.js';

/**
As long as most questions are, in characters.
*/
const question = 'x'.repeat(200);

/**
What there is to say about a consortium without calling a model.
*/
export type Findings = {
	readonly problems: readonly UserError[];
	readonly warnings: readonly string[];

	/**
	What is worth knowing of how it is run.
	*/
	readonly notes: readonly string[];

	/**
	Null when not even that could be made out.
	*/
	readonly consortium: SavedConsortium | null;

	/**
	Of a question of 200 characters. Null when it cannot be run, and when a model of it was not found.
	*/
	readonly forecast: Forecast | null;
};

export type Subject = {
	readonly consortium: SavedConsortium;
	readonly consortiums: Consortiums;
	readonly warnings: readonly string[];

	/**
	Somebody chose its members. Nobody is warned of a choice made for them.
	*/
	readonly isOwn: boolean;

	/**
	Null for a model that cannot be found here, which is no problem yet.
	*/
	readonly find: (name: string) => Promise<Model | null>;
	readonly loadPrices: () => Promise<void>;
	readonly findEmbedder: (name: string) => Promise<Embedder>;
};

/**
Check a consortium, and all that it needs from `folder`, the one of the configuration. What making it out throws as a `UserError` is a problem like any other.
*/
export async function check(
	subject: () => Promise<Subject>,
	{
		folder,
		world,
		readHistory,
	}: {
		readonly folder: string;
		readonly world: World;

		/**
		What the log tells of earlier runs; null where there is none.
		*/
		readonly readHistory: (
			consortium: SavedConsortium,
			consortiums: Consortiums,
		) => Promise<History | null>;
	},
): Promise<Findings> {
	const {problems, attempt} = collector();
	const templates = await templatesIn(path.join(folder, 'prompts'), attempt);
	const roles = await attempt(async () =>
		findRoles(path.join(folder, 'prompts')),
	);
	const found = await attempt(subject);

	if (!found) {
		return {
			problems,
			warnings: [],
			notes: [],
			consortium: null,
			forecast: null,
		};
	}

	const {consortium, consortiums, isOwn} = found;
	const models = new Map<string, Model>();
	const unlisted: string[] = [];

	for (const name of modelsIn(consortium, consortiums)) {
		await attempt(async () => {
			const model = await named(name, consortiums, found.find);

			if (model) {
				models.set(name, model);
			} else {
				unlisted.push(name);
			}
		});
	}

	const all = wholeOf(consortium, consortiums);

	for (const role of all.flatMap(each => rolesOf(each))) {
		await attempt(async () => roles && roleTextOf({role}, roles));
	}

	for (const model of new Set(all.flatMap(each => embeddingOf(each) ?? []))) {
		await attempt(async () => found.findEmbedder(model));
	}

	await found.loadPrices();
	const observer = createObserver({
		environment: {},
		isConfirmed: () => false,
		embedderFor: found.findEmbedder,
	});

	let unpriced: readonly string[] = [];

	// The outermost, which has all of them, comes last.
	for (const each of all.toReversed()) {
		unpriced = await unpricedEmbeddings(wholeOf(each, consortiums), observer);
		problems.push(...obstaclesWithin(each, {consortiums, models, unpriced}));
	}

	const isKnown =
		templates !== null &&
		roles !== null &&
		problems.length === 0 &&
		unlisted.length === 0;
	const {history, warnings: lacking} = await historyOrWarning(async () =>
		isKnown ? readHistory(consortium, consortiums) : null,
	);
	const forecast = isKnown
		? await forecastRun(consortium, question, {
				models,
				consortiums,
				templates,
				roles,
				world,
				history,
				observer,
			})
		: null;

	if (forecast?.calls.length === 0 && forecast.limit !== null) {
		problems.push(
			new UserError(
				forecast.limit,
				'Raise it, or ask cheaper models: not one would be called.',
			),
		);
	}

	const warnings = [
		...(isOwn ? [...found.warnings, ...priceWarnings(models, unpriced)] : []),
		...lacking,
		...unlisted.map(
			name =>
				`Whose model ${name} is, servers are asked when it runs; until then nobody knows what a run costs.`,
		),
	];
	const notes = isKnown ? tierNotes(consortium, models, question.length) : [];
	return {problems, warnings, notes, consortium, forecast};
}

/**
What forbids the run of a consortium whose models stand among those of others.
*/
function obstaclesWithin(
	consortium: SavedConsortium,
	{
		consortiums,
		models,
		unpriced,
	}: {
		readonly consortiums: Consortiums;
		readonly models: ReadonlyMap<string, Model>;
		readonly unpriced: readonly string[];
	},
): UserError[] {
	const names = modelsIn(consortium, consortiums);
	return obstacles(
		consortium,
		new Map([...models].filter(([name]) => names.has(name))),
		{unpriced},
	);
}

type Attempt = <Value>(work: () => Promise<Value>) => Promise<Value | null>;

/**
Gathers what is wrong instead of stopping at the first; the same is said once.
*/
function collector() {
	const problems: UserError[] = [];
	const attempt: Attempt = async work => {
		try {
			return await work();
		} catch (error) {
			if (!(error instanceof UserError)) {
				throw error;
			}

			if (problems.every(({message}) => message !== error.message)) {
				problems.push(error);
			}

			return null;
		}
	};

	return {problems, attempt};
}

async function templatesIn(
	folder: string,
	attempt: Attempt,
): Promise<Templates | null> {
	const templates = await Promise.all(
		templateNames.map(
			async name =>
				[name, await attempt(async () => readTemplate(name, folder))] as const,
		),
	);

	return templates.some(([, template]) => template === null)
		? null
		: (Object.fromEntries(templates) as Templates);
}
