import {type Config} from '../../config/config.js';
import {askForModels, type Listing} from '../../providers/list-models.js';
import {type Place} from '../command.js';
import {
	isAskable,
	isLocal,
	keyText,
	serversOf,
	type Server,
} from '../servers.js';
import {findingsOf, type Finding} from './finding.js';

const waitMs = 3000;

/**
The keys there are, the addresses that are not the usual ones, and who answers: those who can be asked are asked for their models, at the same time; no prompt is sent.
*/
export async function servers(
	config: Config,
	place: Place,
): Promise<Finding[]> {
	const all = await serversOf(config, place);
	const asked = await Promise.all(
		all
			.filter(server => isAskable(server) && isOfUse(server))
			.map(async server => ({
				server,
				listing: await askForModels(server.endpoint, server.key, {
					fetch,
					waitMs,
					keyAdvice: server.keyAdvice,
				}),
			})),
	);
	const isAnyThere = asked.some(({listing}) => listing.status === 'listed');

	return [
		...findingsOf('keys', keyRows(all)),
		...findingsOf('servers', [
			...proxies(place),
			...addresses(all),
			...asked.map(({server, listing}) => answer(server, listing)),
			...(isAnyThere
				? []
				: [
						[
							'models',
							'no model can be asked but the simulated ones',
							'Set the key of a provider, such as OPENAI_API_KEY, or start a local server such as Ollama. The simulated models: consortium-tui run -C demo PROMPT',
						] as const,
					]),
		]),
	];
}

/**
Whether a person uses it, or may without knowing.
*/
function isOfUse(server: Server): boolean {
	return server.isAdded || server.key !== null || isLocal(server);
}

type Row = readonly [name: string, says: string, remedy?: string | null];

function keyRows(all: readonly Server[]): Row[] {
	return all
		.filter(
			({keyState: {source, variables}}) =>
				source !== null || variables.length > 0,
		)
		.map(({endpoint: {name}, keyState, keyProblem, isAdded}) =>
			keyProblem && (isAdded || keyState.key !== null)
				? [name, `${keyText(keyState)}: ${keyProblem.message}`, keyProblem.hint]
				: [name, keyText(keyState)],
		);
}

const proxyVariables = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'];

/**
The address of a proxy may hold a password, so it is not shown.
*/
function proxies({environment}: Place): Row[] {
	const set = proxyVariables
		.flatMap(name => [name, name.toLowerCase()])
		.filter(name => environment[name]);

	return set.map(name => [
		name,
		environment['NODE_USE_ENV_PROXY'] === '1'
			? 'is set, and Node is told to use it by NODE_USE_ENV_PROXY'
			: 'is set, and not used: every request goes out directly. NODE_USE_ENV_PROXY=1 makes Node use it, from 22.21 on.',
	]);
}

function addresses(all: readonly Server[]): Row[] {
	return all.flatMap(({endpoint, movedBy, addressProblem}): Row[] => {
		if (addressProblem) {
			return [
				[movedBy ?? endpoint.name, addressProblem.message, addressProblem.hint],
			];
		}

		return movedBy === null
			? []
			: [
					[
						movedBy,
						`${endpoint.name} is reached at ${shown(endpoint.baseUrl)}`,
					],
				];
	});
}

function answer(server: Server, listing: Listing): Row {
	const {endpoint, isAdded} = server;
	const {name, baseUrl} = endpoint;

	// Nobody said that it runs.
	if (isLocal(server) && !isAdded && listing.status !== 'listed') {
		return [
			name,
			listing.status === 'unreachable'
				? `not running at ${shown(baseUrl)}`
				: `something else runs at ${shown(baseUrl)}`,
		];
	}

	switch (listing.status) {
		case 'listed': {
			const count = listing.models.length + listing.leftOut;
			return [
				name,
				`reachable at ${shown(baseUrl)}, ${count} ${count === 1 ? 'model' : 'models'}`,
			];
		}

		case 'key-refused': {
			return [
				name,
				`the key is refused: ${listing.reason}`,
				`Get another key, and set ${endpoint.keyEnv ?? 'it'} or store it: consortium-tui keys set ${name}`,
			];
		}

		case 'tls': {
			return [
				name,
				`its certificate is not trusted: ${listing.reason}`,
				'If a company or a proxy signs certificates of its own here, set NODE_EXTRA_CA_CERTS to the file that holds its certificate.',
			];
		}

		case 'unreachable': {
			return [
				name,
				`not reachable: ${listing.reason}`,
				isLocal(server)
					? 'Start the server, or correct its address with `consortium-tui endpoints add`.'
					: 'Check the network, and the address of the server.',
			];
		}

		case 'no-list': {
			return [
				name,
				`reachable, but: ${listing.reason}`,
				'Check that its address is the one its documentation gives, usually ending in /v1. Some servers have no such list and work all the same.',
			];
		}
	}
}

/**
What stands behind a question mark may be a secret.
*/
function shown(baseUrl: string): string {
	const {origin, pathname} = new URL(baseUrl);
	return origin + pathname.replace(/\/$/, '');
}
