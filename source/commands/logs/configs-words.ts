import {type ImportedConfigs, type Told} from './import-configs.js';

/**
What came of saved consortiums and of what lay beside them, a line each; none when there was nothing.
*/
export function configsLines({
	saved,
	overwritten,
	skipped,
	same,
	refused,
	notes,
	keys,
	hints,
}: ImportedConfigs): string[] {
	const line = (words: string, names: readonly string[]) =>
		names.length === 0 ? [] : [`${words}: ${listed(names)}`];
	const added = saved.filter(name => !overwritten.includes(name));

	return [
		...line('Saved the consortiums', added),
		...line('Overwrote the consortiums', overwritten),
		...line('Saved already, and the same', same),
		...line('Not saved, as other consortiums have their names', skipped),
		...grouped(refused).map(text => `Not imported: ${text}`),
		...grouped(notes),
		...line('Stored the keys for', keys.stored),
		...grouped(keys.skipped).map(text => `Key not stored: ${text}`),
		...hints,
	];
}

/**
Names of which the same is told, in one sentence.
*/
function grouped(all: readonly Told[]): string[] {
	const names = new Map<string, string[]>();
	const nameless = new Map<string, number>();

	for (const {name, why} of all) {
		if (name === null) {
			nameless.set(why, (nameless.get(why) ?? 0) + 1);
		} else {
			names.set(why, [...(names.get(why) ?? []), name]);
		}
	}

	return [
		...names.entries().map(([why, each]) => `${listed(each)}: ${why}`),
		...nameless
			.entries()
			.map(
				([why, count]) =>
					`${count === 1 ? 'a consortium' : `${count} consortiums`}: ${why}`,
			),
	];
}

const most = 20;

const listed = (names: readonly string[]) =>
	names.length > most
		? `${names.slice(0, most).join(', ')} and ${names.length - most} more`
		: names.join(', ');
