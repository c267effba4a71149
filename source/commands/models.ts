import {demo} from '../config/demo.js';
import {closest} from '../core/closest.js';
import {UserError} from '../core/user-error.js';
import {plain} from '../text/plain.js';
import {command, type Place} from './command.js';
import {loadConfig} from './load-config.js';
import {askServer, modelRows, type ModelRow} from './model-rows.js';
import {isAskable, isLocal, serversOf, type Server} from './servers.js';
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
		const all = await modelRows(
			config,
			servers,
			lists.flatMap(({name, listing}) =>
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
		);
		const rows = all.filter(
			model => provider === null || model.provider === provider,
		);
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
		asked.map(async server => ({
			name: server.endpoint.name,
			listing: await askServer(server, isThorough ? wantedMs : passingMs),
			// Nobody said that it runs.
			mayBeSilent: isLocal(server) && !server.isAdded,
		})),
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

function tableOf(rows: readonly ModelRow[], place: Place): string {
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

function priceCells(price: ModelRow['price']): string[] {
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
