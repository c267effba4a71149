/**
Something the person can put right: wrong flags, an unknown name, a missing key. `message` says what and where in one sentence; `hint` says what to do, if possible as something to type.

@example
```js
try {
	createConsortium({members: []});
} catch (error) {
	if (error instanceof UserError) {
		console.error(error.message, error.hint);
	}
}
```
*/
export class UserError extends Error {
	override readonly name = 'UserError';
	readonly hint: string;

	constructor(message: string, hint = '', options?: ErrorOptions) {
		super(message, options);
		this.hint = hint;
	}
}
