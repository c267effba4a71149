import assert from 'node:assert/strict';
import {test} from 'node:test';
import {consortiumFlags} from '../../source/commands/consortium-flags.js';
import {noFlags} from '../../source/commands/no-flags.js';
import {parseArguments} from '../../source/commands/parse.js';

test('without words the flags are what the parser makes of no words', () => {
	const {debug: _, ...read} = parseArguments([], consortiumFlags)
		.flags as Record<string, unknown>;
	const known = Object.keys(consortiumFlags);

	assert.deepEqual(
		noFlags(consortiumFlags),
		Object.fromEntries(known.map(name => [name, read[name]])),
	);
});
