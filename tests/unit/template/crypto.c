/* SPDX-License-Identifier: MIT
 *
 * Keys and certificates: what is random has no expected text, but it can be read back.
 */
#include "config.h"

#include "rendering.h"

#include <criterion/criterion.h>

Test(crypto, signed_certificate_and_its_key_are_read_back)
{
	assert_renders(
		"{{$ca := genCA \"ca\" 10}}"
		"{{$c := genSignedCert \"h\" (list \"10.0.0.1\" \"::1\") (list \"a.b\") 1 $ca}}"
		"{{$b := buildCustomCert (b64enc $c.Cert) (b64enc $c.Key)}}"
		"{{eq $b.Cert $c.Cert}} {{eq $b.Key $c.Key}}",
		"null", "true true");
}

Test(crypto, certificates_are_made_for_keys_of_each_kind)
{
	assert_renders("{{range list \"ecdsa\" \"ed25519\"}}"
		       "{{$key := genPrivateKey .}}{{$c := genCAWithKey \"ca\" 1 $key}}"
		       "{{eq $c.Key $key}} {{$d := genSignedCertWithKey \"h\" nil nil 1 $c $key}}"
		       "{{eq $d.Key $key}} {{end}}",
		"null", "true true true true ");
}

Test(crypto, issuer_must_have_the_key_that_signs)
{
	assert_fails("{{$a := genCAWithKey \"a\" 1 (genPrivateKey \"ecdsa\")}}"
		     "{{$b := genCAWithKey \"b\" 1 (genPrivateKey \"ecdsa\")}}"
		     "{{$x := b64enc $b.Key}}{{$y := buildCustomCert (b64enc $a.Cert) $x}}"
		     "{{genSignedCertWithKey \"h\" nil nil 1 $y $a.Key}}",
		"null", "",
		"template: t:1:174: executing \"t\" at <genSignedCertWithKey \"h\" nil nil 1 $y "
		"$a.Key>: error calling genSignedCertWithKey: error creating certificate: x509: "
		"provided PrivateKey doesn't match parent's PublicKey");
}

Test(crypto, certificate_with_too_many_names_is_refused)
{
	assert_fails("{{$l := list}}{{range until 1001}}{{$l = append $l \"a\"}}{{end}}"
		     "{{genSelfSignedCertWithKey \"h\" nil $l 1 \"\"}}",
		"null", "",
		"template: t:1:65: executing \"t\" at <genSelfSignedCertWithKey \"h\" nil $l 1 "
		"\"\">: "
		"error calling genSelfSignedCertWithKey: a certificate has at most 1000 names and "
		"addresses");
}

Test(crypto, names_and_addresses_must_be_what_they_are_called)
{
	assert_fails("{{genSelfSignedCertWithKey \"h\" (list 1) nil 1 \"\"}}", "null", "",
		"template: t:1:2: executing \"t\" at <genSelfSignedCertWithKey \"h\" (list 1) nil "
		"1 "
		"\"\">: error calling genSelfSignedCertWithKey: error parsing ip: 1 is not a "
		"string");
	assert_fails("{{genSelfSignedCertWithKey \"h\" (list \"1.2.3\") nil 1 \"\"}}", "null", "",
		"template: t:1:2: executing \"t\" at <genSelfSignedCertWithKey \"h\" (list "
		"\"1.2.3\") "
		"nil 1 \"\">: error calling genSelfSignedCertWithKey: error parsing ip: 1.2.3");
}

Test(crypto, password_with_nul_is_not_hashed_up_to_it)
{
	assert_renders("{{bcrypt \"a\\x00b\"}}", "null",
		"failed to encrypt string with bcrypt: the password holds a NUL byte");
}

Test(crypto, password_has_characters_of_its_template)
{
	assert_renders("{{derivePassword 1 \"x\" \"p\" \"u\" \"s\"}}", "null",
		"cannot find password template x");
	assert_renders("{{htpasswd \"a:b\" \"c\"}}", "null", "invalid username: a:b");
}

Test(crypto, encrypted_text_that_is_cut_is_an_error)
{
	assert_renders("{{encryptAES \"k\" \"text\" | decryptAES \"k\"}}", "null", "text");
	assert_fails("{{decryptAES \"k\" \"!\"}}", "null", "",
		"template: t:1:2: executing \"t\" at <decryptAES \"k\" \"!\">: error calling "
		"decryptAES: illegal base64 data at input byte 0");
	assert_fails("{{decryptAES \"k\" \"AAAA\"}}", "null", "",
		"template: t:1:2: executing \"t\" at <decryptAES \"k\" \"AAAA\">: error calling "
		"decryptAES: runtime error: slice bounds out of range [:16] with capacity 3");
}

Test(crypto, private_keys_of_each_kind_are_written_as_pem)
{
	assert_renders("{{genPrivateKey \"rsa\" | regexFind \"BEGIN [A-Z ]+\"}}", "null",
		"BEGIN RSA PRIVATE KEY");
	assert_renders("{{genPrivateKey \"dsa\" | regexFind \"BEGIN [A-Z ]+\"}}", "null",
		"BEGIN DSA PRIVATE KEY");
	assert_renders("{{genPrivateKey \"ecdsa\" | regexFind \"BEGIN [A-Z ]+\"}}", "null",
		"BEGIN EC PRIVATE KEY");
	assert_renders("{{genPrivateKey \"ed25519\" | regexFind \"BEGIN [A-Z ]+\"}}", "null",
		"BEGIN PRIVATE KEY");
	assert_renders("{{genPrivateKey \"foo\"}}", "null", "Unknown type foo");
}
