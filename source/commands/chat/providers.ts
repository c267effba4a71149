import {demo} from '../../config/demo.js';
import {changeKeys} from '../../config/keys.js';
import {unknownUsage} from '../../core/model.js';
import {type KeyEntry, type ModelEntry} from '../../ui/services.js';
import {assertKey, stateOf} from '../key-rules.js';
import {askServer, modelRows} from '../model-rows.js';
import {isAskable, isLocal, readingWarning, serversOf} from '../servers.js';
import {type Outside} from './outside.js';

/**
How long a server may take, in milliseconds.
*/
const passingMs = 300;

/**
Models we know of, those in saved consortiums, what servers on this machine and configured ones list at once, and the simulated ones.
*/
export async function modelEntries({
	place,
	look,
}: Outside): Promise<readonly ModelEntry[]> {
	const {config} = await look();
	const servers = await serversOf(config, place);
	const asked = servers.filter(
		server => (isLocal(server) || server.isAdded) && isAskable(server),
	);
	const lists = await Promise.all(
		asked.map(async server => {
			const listing = await askServer(server, passingMs);
			return {
				provider: server.endpoint.name,
				models: listing.status === 'listed' ? listing.models : [],
			};
		}),
	);
	const unready = new Set(
		servers
			.filter(({keyProblem}) => keyProblem !== null)
			.map(({endpoint}) => endpoint.name),
	);
	const rows = await modelRows(config, servers, lists);

	const entries = rows.map(({id, provider, price}) => ({
		name: id,
		isReady: provider === null || !unready.has(provider),
		inputUsd: price?.input ?? null,
		outputUsd: price?.output ?? null,
	}));
	const simulated = demo.members
		.filter(({model}) => entries.every(({name}) => name !== model))
		.map(({model: name}) => ({
			name,
			isReady: true,
			inputUsd: 0,
			outputUsd: 0,
		}));

	return [...entries, ...simulated];
}

/**
The state of every provider's key.
*/
export async function keyEntries({
	look,
}: Outside): Promise<readonly KeyEntry[]> {
	const {ring} = await look();

	return ring
		.values()
		.map(({provider, source, variables}) => ({provider, source, variables}))
		.toArray();
}

/**
Store a key in the file only its owner can read.

@throws UserError for a provider nobody knows, and for what no key can be.
*/
export async function storeKey(
	{place, folders, look, onNotice}: Outside,
	provider: string,
	typed: string,
): Promise<void> {
	const {config, ring} = await look();
	const key = typed.trim();
	assertKey(key, stateOf(ring, provider));
	const notices = await changeKeys(folders.config, stored => ({
		...stored,
		[provider]: key,
	}));
	const servers = await serversOf(config, place);
	const server = servers.find(({endpoint}) => endpoint.name === provider);
	const warning = server ? readingWarning(server.endpoint.baseUrl) : null;

	for (const notice of [...notices, ...(warning === null ? [] : [warning])]) {
		onNotice(notice);
	}
}

/**
What it costs more, in US dollars, to have a model read so many tokens that its provider keeps as if it did not; null when nobody knows.

@throws UserError when the model cannot be called any more.
*/
export async function rereadUsd(
	{look}: Outside,
	{model, tokens}: {readonly model: string; readonly tokens: number},
): Promise<number | null> {
	const {models} = await look();
	const {find, loadPrices} = await models();
	const found = find(model);

	if (!found) {
		return null;
	}

	await loadPrices();
	const read = {...unknownUsage, inputTokens: tokens, outputTokens: 0};
	const [anew, kept] = [
		{
			...read,
			cachedTokens: 0,
			cacheWriteTokens: found.promptCache.kind === 'marker' ? tokens : 0,
		},
		{...read, cachedTokens: tokens, cacheWriteTokens: 0},
	].map(usage => found.costOf(usage));

	return typeof anew === 'number' && typeof kept === 'number'
		? anew - kept
		: null;
}
