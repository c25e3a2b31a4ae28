(* tanh and the logistic function: ranges, derivatives, exact values. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

Definition sigmoid (x : R) : R := / (1 + exp (- x)).
Definition relu (x : R) : R := Rmax x 0.
Definition step (x : R) : R := if Rlt_dec 0 x then 1 else 0.

Lemma sigmoid_pos x : 0 < sigmoid x.
Proof. unfold sigmoid. apply Rinv_0_lt_compat. pose proof (exp_pos (- x)); lra. Qed.
Lemma sigmoid_lt1 x : sigmoid x < 1.
Proof.
  unfold sigmoid. rewrite <- Rinv_1 at 2. pose proof (exp_pos (- x)). apply Rinv_lt_contravar; lra.
Qed.
Lemma is_derive_sigmoid x : is_derive sigmoid x (sigmoid x * (1 - sigmoid x)).
Proof. pose proof (exp_pos (- x)). unfold sigmoid. auto_derive. lra. field. lra. Qed.
Lemma is_derive_tanh x : is_derive tanh x (1 - tanh x * tanh x).
Proof.
  unfold tanh, sinh, cosh. pose proof (exp_pos x); pose proof (exp_pos (- x)). auto_derive. lra. field. lra.
Qed.
Lemma cosh_pos x : 0 < cosh x.
Proof. unfold cosh. pose proof (exp_pos x); pose proof (exp_pos (- x)); lra. Qed.
Lemma tanh_range x : -1 < tanh x < 1.
Proof.
  pose proof (cosh_pos x) as C. pose proof (exp_pos x); pose proof (exp_pos (- x)).
  assert (tanh x * cosh x = sinh x) by (unfold tanh; field; lra). unfold sinh in H1. unfold cosh in *.
  split; apply Rmult_lt_reg_r with ((exp x + exp (- x)) / 2); lra.
Qed.

(* exact values at logarithms of rationals *)
Lemma tanh_ln r : 0 < r -> tanh (ln r) = (r * r - 1) / (r * r + 1).
Proof. intro. unfold tanh, sinh, cosh. rewrite exp_Ropp, exp_ln by auto. field. nra. Qed.
Lemma sigmoid_ln r : 0 < r -> sigmoid (ln r) = r / (1 + r).
Proof. intro. unfold sigmoid. rewrite exp_Ropp, exp_ln by auto. field. lra. Qed.
Lemma tanh_at_0 : tanh 0 = 0.
Proof. unfold tanh. rewrite sinh_0. unfold Rdiv. ring. Qed.
Lemma sigmoid_at_0 : sigmoid 0 = / 2.
Proof. unfold sigmoid. rewrite Ropp_0, exp_0. f_equal; ring. Qed.
Lemma tanh_neg x : tanh (- x) = - tanh x.
Proof. unfold tanh, sinh, cosh. rewrite Ropp_involutive. pose proof (exp_pos x); pose proof (exp_pos (- x)). field. lra. Qed.
Lemma sigmoid_neg x : sigmoid (- x) = 1 - sigmoid x.
Proof. unfold sigmoid. rewrite Ropp_involutive, exp_Ropp. pose proof (exp_pos x). field. lra. Qed.
