import assert from 'node:assert/strict';
import {test} from 'node:test';
import {useEffect, useState} from 'react';
import {Text} from 'ink';
import {render} from 'ink-testing-library';
import {useKeys} from '../../source/ui/use-keys.js';

const heard: string[] = [];
const drawn = new Map(
	[0, 1, 2, 3].map(count => [count, Promise.withResolvers<void>()]),
);

function Count() {
	const [count, setCount] = useState(0);

	useKeys(({chord}) => {
		heard.push(chord);
		setCount(count + 1);
	});

	useEffect(() => {
		drawn.get(count)!.resolve();
	});

	return <Text>{count}</Text>;
}

test('a key goes to the handler of the latest render, which is not attached again', async t => {
	const screen = render(<Count />);
	t.after(screen.unmount);
	await drawn.get(0)!.promise;

	const [listener] = screen.stdin.listeners('readable');
	assert.ok(listener);

	for (const [index, key] of ['a', '\u001BOP', 'b'].entries()) {
		screen.stdin.write(key);
		await drawn.get(index + 1)!.promise;
	}

	assert.deepEqual(heard, ['a', 'f1', 'b']);
	assert.equal(screen.lastFrame(), '3');
	assert.deepEqual(screen.stdin.listeners('readable'), [listener]);
});
