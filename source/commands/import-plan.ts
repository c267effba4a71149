import {isDeepStrictEqual} from 'node:util';
import {type Config, type SavedEndpoint} from '../config/config.js';
import {assertGoodName} from '../config/consortiums.js';
import {type SavedConsortium} from '../core/consortium.js';
import {nestedIn, type Consortiums} from '../core/nesting.js';
import {UserError} from '../core/user-error.js';
import {presets, vendors} from '../providers/presets.js';
import {withOwnModel, withRenamed} from './config-changes.js';
import {type ConsortiumFile} from './consortium-file.js';
import {savedConsortiums} from './known-consortiums.js';

/**
What an import would change.
*/
export type ImportPlan = {
	/**
	By the names they will have.
	*/
	readonly consortiums: Readonly<Record<string, SavedConsortium>>;
	readonly endpoints: Readonly<Record<string, SavedEndpoint>>;

	/**
	Names whose consortiums would be lost.
	*/
	readonly overwritten: readonly string[];

	/**
	Names under which the same is saved already.
	*/
	readonly same: readonly string[];
};

/**
What is new in a file. With `hasSuffix` a consortium whose name is taken gets another one.

@throws UserError for consortiums that cannot stand inside one another, and for an endpoint that is another one here, or would be given the key of another one.
*/
export function planImport(
	file: ConsortiumFile,
	config: Config,
	hasSuffix: boolean,
): ImportPlan {
	const consortiums = new Map<string, SavedConsortium>();
	const overwritten: string[] = [];
	const same: string[] = [];

	for (const [name, consortium] of Object.entries(file.consortiums)) {
		const isTaken = Object.hasOwn(config.consortiums, name);

		if (
			isTaken &&
			isDeepStrictEqual({...config.consortiums[name], name}, consortium)
		) {
			same.push(name);
		} else if (isTaken && hasSuffix) {
			const free = freeName(name, [
				config.consortiums,
				file.consortiums,
				Object.fromEntries(consortiums),
			]);
			consortiums.set(free, consortium);
		} else {
			consortiums.set(name, consortium);
			overwritten.push(...(isTaken ? [name] : []));
		}
	}

	// Who is in others is called by its new name there.
	const newNames = new Map(
		[...consortiums]
			.filter(([as]) => !Object.hasOwn(file.consortiums, as))
			.map(([as, from]) => [from.name, as]),
	);
	const planned = [...consortiums].map(([as, each]) => {
		const names = new Map(newNames);
		// It never means itself.
		names.delete(each.name);
		const own = as === each.name ? each : withOwnModel(each);
		return [as, {...withRenamed(own, names), name: as}] as const;
	});
	const all: Consortiums = new Map([...savedConsortiums(config), ...planned]);

	for (const [, each] of planned) {
		nestedIn(each, all);
	}

	return {
		consortiums: Object.fromEntries(planned),
		endpoints: newEndpoints(file, config),
		overwritten,
		same,
	};
}

/**
The configuration as planned.
*/
export function withImport(
	config: Config,
	{consortiums, endpoints}: ImportPlan,
): Config {
	return {
		...config,
		consortiums: {...config.consortiums, ...consortiums},
		endpoints: {...config.endpoints, ...endpoints},
	};
}

function freeName(name: string, taken: readonly object[]): string {
	for (let number = 2; ; number++) {
		const free = `${name}-${number}`;

		if (taken.every(each => !Object.hasOwn(each, free))) {
			assertGoodName(free);
			return free;
		}
	}
}

function newEndpoints(
	{endpoints}: ConsortiumFile,
	config: Config,
): Readonly<Record<string, SavedEndpoint>> {
	const here = new Map<string, SavedEndpoint>([
		...presets.map(
			({name, baseUrl, keyEnv}) =>
				[name, {baseUrl, keyEnv, api: 'chat'}] as const,
		),
		...Object.entries(config.endpoints),
	]);

	return Object.fromEntries(
		Object.entries(endpoints).filter(([name, endpoint]) => {
			const known = here.get(name);

			if (known && !isDeepStrictEqual({...known}, endpoint)) {
				throw new UserError(
					`The endpoint "${name}" is ${told(known)} here, but ${told(endpoint)} in the file.`,
					`It is not overwritten. If the file is right: consortium-tui endpoints add ${name} --base-url URL`,
				);
			}

			if (!known) {
				assertOwnKey(name, endpoint, here);
			}

			return !known;
		}),
	);
}

/**
A stranger's server must not be given the key of another one just because a file names its variable.
*/
function assertOwnKey(
	name: string,
	{baseUrl, keyEnv}: SavedEndpoint,
	here: ReadonlyMap<string, SavedEndpoint>,
): void {
	const owner = [
		...vendors.flatMap(vendor => [
			vendor,
			{...vendor, keyEnv: vendor.otherKeyEnv},
		]),
		...here.entries().map(([other, each]) => ({...each, name: other})),
	].find(
		other =>
			keyEnv !== null &&
			// Windows does not tell them apart by case.
			other.keyEnv?.toUpperCase() === keyEnv.toUpperCase() &&
			new URL(other.baseUrl).origin !== new URL(baseUrl).origin,
	);

	if (owner) {
		throw new UserError(
			`The endpoint "${name}" in the file, at ${baseUrl}, asks for ${keyEnv}, which is the key for ${owner.name}.`,
			`Only if you trust it with that key: consortium-tui endpoints add ${name} --base-url URL --key-env ${keyEnv}`,
		);
	}
}

const told = ({baseUrl, keyEnv, api}: SavedEndpoint) =>
	`${baseUrl} (${api}, ${keyEnv === null ? 'no key' : `key in ${keyEnv}`})`;
