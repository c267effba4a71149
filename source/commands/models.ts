import {type Config} from '../config/config.js';
import {consortiumsOf} from '../config/consortiums.js';
import {demo} from '../config/demo.js';
import {closest} from '../core/closest.js';
import {UserError} from '../core/user-error.js';
import {plain} from '../text/plain.js';
import {
	catalogOf,
	knownModels,
	type CatalogModel,
} from '../providers/catalog.js';
import {askForModels} from '../providers/list-models.js';
import {vendors} from '../providers/presets.js';
import {createPrices} from '../providers/prices.js';
import {providerOf} from '../providers/resolve.js';
import {command, type Place} from './command.js';
import {loadConfig} from './load-config.js';
import {
	isAskable,
	isLocal,
	keyText,
	serversOf,
	type Server,
} from './servers.js';
import {json, wholeTable, widthOf} from './table.js';
import {noWords} from './words.js';

const usage = 'models [PROVIDER] [--listed] [--json]';

/**
How long a server may take, in milliseconds: one on this machine that is asked in passing, and one a person wants to hear from.
*/
const passingMs = 300;
const wantedMs = 3000;

/**
How many models of a local server are shown when its whole list was not asked for.
*/
const fewModels = 5;

export const models = command({
	usage: [usage],
	summary:
		'List models: those we know of, those in your consortiums, and some that servers on this machine have. Prices are US dollars per million tokens, up to that many tokens of input; beyond, they are higher.',
	flags: {
		listed: {
			type: 'boolean',
			meaning:
				'Ask every provider you have a key for, and every endpoint, for all of theirs.',
		},
		json: {type: 'boolean', meaning: 'Print JSON.'},
	},
	examples: ['models', 'models openai', 'models openrouter --listed --json'],
	async run({input, flags, place}) {
		const config = await loadConfig(place);
		const servers = await serversOf(config, place);
		const [provider = null, ...rest] = input;
		noWords(rest, usage);
		assertKnown(provider, servers);

		const wanted = servers.filter(
			({endpoint}) => provider === null || endpoint.name === provider,
		);
		const lists = await ask(wanted, flags.listed);
		const all = catalogOf({
			known: knownModels,
			configured: configuredIn(config),
			listed: lists.flatMap(({name, listing}) =>
				listing.status === 'listed'
					? {
							provider: name,
							models: listing.models.slice(
								0,
								flags.listed ? Infinity : fewModels,
							),
						}
					: [],
			),
		});
		const shown = all.filter(
			model => provider === null || model.provider === provider,
		);
		const rows = await priced(shown, servers, config);
		const notices = noticesOf(lists, flags.listed);

		if (flags.json) {
			place.stdout.write(json({v: 1, models: rows, notices}));
		} else if (rows.length > 0) {
			place.stdout.write(tableOf(rows, place));
		} else {
			notices.push(
				`No model of ${provider} is known here.${flags.listed ? '' : ' --listed asks its server.'}`,
			);
		}

		place.stderr.write(notices.map(line => `${plain(line)}\n`).join(''));
		return 0;
	},
});

function assertKnown(
	provider: string | null,
	servers: readonly Server[],
): void {
	const names = [demo.name, ...servers.map(({endpoint}) => endpoint.name)];

	if (provider !== null && !names.includes(provider)) {
		throw new UserError(
			`There is no provider called "${provider}".`,
			`Known: ${names.join(', ')}.${closest(provider, names)}`,
		);
	}
}

/**
Everybody who is to be asked, at once. Without `isThorough`, only servers on this machine.
*/
async function ask(servers: readonly Server[], isThorough: boolean) {
	const asked = servers.filter(server =>
		isThorough
			? server.isAdded || server.keyState.key !== null || isLocal(server)
			: isLocal(server) && isAskable(server),
	);

	return Promise.all(
		asked.map(async server => {
			const {endpoint, key, keyAdvice, addressProblem, keyProblem} = server;
			const problem = addressProblem ?? keyProblem;
			const listing = problem
				? ({status: 'key-refused', reason: problem.message} as const)
				: await askForModels(endpoint, key, {
						fetch,
						keyAdvice,
						waitMs: isThorough ? wantedMs : passingMs,
					});
			return {
				name: endpoint.name,
				listing,
				// Nobody said that it runs.
				mayBeSilent: isLocal(server) && !server.isAdded,
			};
		}),
	);
}

function noticesOf(
	lists: Awaited<ReturnType<typeof ask>>,
	isThorough: boolean,
): string[] {
	return lists.flatMap(({name, listing, mayBeSilent}) => {
		if (listing.status !== 'listed') {
			return isThorough && !mayBeSilent ? [listing.reason] : [];
		}

		const {models: found, leftOut} = listing;

		if (!isThorough) {
			return found.length > fewModels
				? [`${name} has ${found.length} models; --listed shows all of them.`]
				: [];
		}

		return leftOut > 0
			? [
					`${leftOut} of the entries that ${name} lists are left out: there are too many, or their names are none.`,
				]
			: [];
	});
}

function configuredIn(config: Config) {
	const all = consortiumsOf(config);
	const names = new Set(all.map(({name}) => name));

	return all
		.filter(({name}) => name !== demo.name)
		.flatMap(({name, members, arbiters}) =>
			[...members, ...arbiters].map(({model}) => ({model, consortium: name})),
		)
		.filter(({model}) => !names.has(model))
		.map(({model: id, consortium}) => {
			const provider = providerOf(id);
			return {
				provider,
				model: provider === null ? id : id.slice(id.indexOf('/') + 1),
				consortium,
			};
		});
}

async function priced(
	list: readonly CatalogModel[],
	servers: readonly Server[],
	{settings}: Config,
) {
	const prices = createPrices(settings.prices);
	const byName = new Map(servers.map(each => [each.endpoint.name, each]));
	await prices.load();

	return list.map(({provider, model, price: listed, ...rest}) => {
		const server = provider === null ? undefined : byName.get(provider);
		const isSimulated = provider === demo.name;
		const price = isSimulated
			? {input: 0, output: 0}
			: server?.addressProblem === null
				? prices.priceOf(
						{
							provider: server.endpoint.name,
							model,
							baseUrl: server.endpoint.baseUrl,
							seller: server.seller,
							key: server.key ?? server.endpoint.keyEnv,
						},
						listed,
					)
				: null;

		return {
			id: provider === null ? model : `${provider}/${model}`,
			provider,
			model,
			key: server
				? keyText(server.keyState)
				: isSimulated
					? 'none needed'
					: null,
			price: price && {
				input: price.input,
				cacheRead: price.cacheRead ?? null,
				output: price.output,
				maxInputTokens: price.maxInputTokens ?? null,
			},
			contextTokens: rest.contextTokens,
			isDefault: vendors.some(
				vendor => vendor.name === provider && vendor.defaultModel === model,
			),
			isListed: rest.isListed,
			consortiums: rest.consortiums,
		};
	});
}

type Row = Awaited<ReturnType<typeof priced>>[number];

function tableOf(rows: readonly Row[], place: Place): string {
	return wholeTable(
		['model', 'key', 'in', 'cached', 'out', 'up to', 'context', ''],
		rows.map(row => [
			row.id,
			row.key ?? 'unknown provider',
			...priceCells(row.price),
			row.contextTokens === null ? 'unknown' : tokensText(row.contextTokens),
			[
				...(row.isDefault ? ['default'] : []),
				...(row.consortiums.length > 0
					? [`in ${row.consortiums.join(', ')}`]
					: []),
				...(row.isListed ? ['listed'] : []),
			].join('; '),
		]),
		widthOf(place),
	);
}

function priceCells(price: Row['price']): string[] {
	if (price === null) {
		return ['unknown', '', '', ''];
	}

	const {input, cacheRead, output, maxInputTokens} = price;

	return input === 0 && output === 0
		? ['free', '', '', '']
		: [
				String(input),
				cacheRead === null ? '' : String(cacheRead),
				String(output),
				maxInputTokens === null ? '' : tokensText(maxInputTokens),
			];
}

function tokensText(tokens: number): string {
	return tokens < 999_500
		? `${Math.round(tokens / 1000)}K`
		: `${Number((tokens / 1e6).toFixed(2))}M`;
}
