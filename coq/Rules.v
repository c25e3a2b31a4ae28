(* One lemma for each row of the table of rules.  The statements are compared with those the rows generate. *)
From Coq Require Import Reals Lra Lia ZArith FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From LstmSym Require Import Matrices Norms Functions Meaning Eigenvalues.
Open Scope R_scope.

Lemma rule_NORM_NONNEG : forall (m : nat) (n : nat) (p : kind) (A : mat n m),
  (0 <= (norm p A)).
Proof. intros; apply norm_nonneg. Qed.
Lemma rule_NORM_MUL : forall (m : nat) (n : nat) (q : nat) (p : kind) (A : mat n m) (B : mat m q),
  ((norm p (mul A B)) <= ((norm p A) * (norm p B))).
Proof. intros; apply norm_mul. Qed.
Lemma rule_NORM_ADD : forall (m : nat) (n : nat) (p : kind) (A : mat n m) (C : mat n m),
  ((norm p (add A C)) <= ((norm p A) + (norm p C))).
Proof. intros; apply norm_add. Qed.
Lemma rule_NORM_SCALED : forall (m : nat) (n : nat) (p : kind) (x : R) (A : mat n m),
  ((norm p (scal x A)) = ((Rabs x) * (norm p A))).
Proof. intros; apply norm_scal. Qed.
Lemma rule_NORM_DIAG : forall (n : nat) (p : kind) (c : R) (v : mat n 1),
  (0 <= c) ->
  (within v ((- 1) * c) c) ->
  ((norm p (diag v)) <= c).
Proof. intros ? ? ? ? Hc H. apply norm_diag; auto. intros i j. specialize (H i j). lra. Qed.
Lemma rule_NORM_EYE : forall (n : nat) (p : kind),
  ((norm p (@eye n)) <= 1).
Proof. intros; apply norm_eye. Qed.
Lemma rule_NORM_ZEROS : forall (m : nat) (n : nat) (p : kind),
  ((norm p (@zeros n m)) = 0).
Proof. intros; apply norm_zeros. Qed.
Lemma rule_NORM_TRANSPOSE : forall (m : nat) (n : nat) (A : mat n m),
  ((norm Two (tr A)) = (norm Two A)).
Proof. intros; apply norm_tr. Qed.
Lemma rule_NORM_TRANSPOSE_1 : forall (m : nat) (n : nat) (A : mat n m),
  ((norm One (tr A)) = (norm Inf A)).
Proof. intros; apply norm_tr_one. Qed.
Lemma rule_NORM_GRAM : forall (m : nat) (n : nat) (A : mat n m),
  ((norm Two (mul (tr A) A)) = ((norm Two A) * (norm Two A))).
Proof. intros; apply norm_gram. Qed.
Lemma rule_NORM_SCALAR : forall (p : kind) (A : mat 1 1),
  ((norm p A) = (Rabs (entry A))).
Proof. intros. rewrite norm_column. apply vnorm_1. Qed.
Lemma rule_NORM_COLUMN_INF : forall (n : nat) (c : R) (v : mat n 1),
  (0 <= c) ->
  (within v ((- 1) * c) c) ->
  ((norm Inf v) <= c).
Proof. intros ? ? ? Hc H. rewrite norm_column. apply vmax_least; auto. intro i. apply Rabs_le. specialize (H i one1). lra. Qed.
Lemma rule_NORM_ROWS : forall (m : nat) (n : nat) (c : R) (x : R) (A : mat n m) (C : mat n m),
  (0 <= c) ->
  (under A C) ->
  (within (mul C (@ones m 1)) x c) ->
  ((norm Inf A) <= c).
Proof.
  intros ? ? ? ? ? ? Hc U H. apply norm_rows; auto. intro i. specialize (H i one1).
  apply Rle_trans with (mul C (@ones m 1) i one1); [ | lra ].
  unfold mul, ones. apply sum_le; intro j. specialize (U i j). lra.
Qed.
Lemma rule_NORM_UNDER : forall (m : nat) (n : nat) (p : kind) (A : mat n m) (C : mat n m),
  (under A C) ->
  ((norm p A) <= (norm p C)).
Proof.
  intros ? ? ? ? ? U. apply norm_least. split. apply norm_nonneg. intro v.
  pose (w := fun j => Rabs (v j)).
  apply Rle_trans with (vnorm p (act C w)).
  - apply vnorm_mono. intro i. unfold act. eapply Rle_trans; [ apply sum_Rabs | ].
    eapply Rle_trans; [ | apply Rle_abs ]. apply sum_le; intro j. rewrite Rabs_mult.
    apply Rmult_le_compat_r; [ apply Rabs_pos | apply U ].
  - eapply Rle_trans; [ apply norm_act | ]. apply Rmult_le_compat_l; [ apply norm_nonneg | ].
    apply vnorm_mono. intro i. unfold w. rewrite Rabs_Rabsolu. lra.
Qed.
Lemma rule_NORM_FROBENIUS : forall (m : nat) (n : nat) (A : mat n m),
  ((powZ (norm Two A) (2)%Z) <= (entry (mul (@ones 1 n) (mul (had A A) (@ones m 1))))).
Proof.
  intros. unfold powZ. simpl. rewrite Rmult_1_r. eapply Rle_trans; [ apply norm_frobenius | ].
  right. unfold entry, mul, ones, had. apply sum_ext; intro i. rewrite Rmult_1_l. apply sum_ext; intro j. ring.
Qed.
Lemma rule_NORM_CERTIFICATE : forall (n : nat) (c : R) (x : R) (R_ : mat n n) (S_ : mat n n) (u : mat n 1),
  (0 <= c) ->
  (within u 0 x) ->
  ((add (mul (tr S_) S_) (mul (tr R_) (mul (diag u) R_))) = (scal (c * c) (@eye n))) ->
  ((norm Two S_) <= c).
Proof.
  intros ? ? ? ? ? ? Hc Hu E. apply norm_least. split; auto. intro w.
  pose proof (vnorm_nonneg Two _ w). pose proof (vnorm_nonneg Two _ (act S_ w)).
  assert (Q : dot (act S_ w) (act S_ w) + dot (act R_ w) (act (diag u) (act R_ w)) = c * c * dot w w).
  { transitivity (dot w (act (add (mul (tr S_) S_) (mul (tr R_) (mul (diag u) R_))) w)).
    - rewrite act_add, dot_plus, !act_mul, !dot_act, !tr_tr. reflexivity.
    - rewrite E. unfold dot. rewrite <- sum_scal. apply sum_ext; intro i. unfold act, scal.
      rewrite (sum_ext n _ (fun j => delta i j * (c * c * w j))), sum_delta by (intro; unfold eye; ring). ring. }
  assert (0 <= dot (act R_ w) (act (diag u) (act R_ w))).
  { apply sum_nonneg; intro i. set (z := act R_ w). unfold act, diag.
    rewrite (sum_ext n _ (fun j => delta i j * (u i one1 * z j))), sum_delta by (intro; ring).
    specialize (Hu i one1). pose proof (square_nonneg (z i)). nra. }
  rewrite <- (two_sqr n w), <- (two_sqr n (act S_ w)) in Q.
  apply Rsqr_incr_0_var; [ unfold Rsqr; nra | nra ].
Qed.
Lemma rule_EQ_SAME : forall (m : nat) (n : nat) (A : mat n m),
  (A = A).
Proof. reflexivity. Qed.
Lemma rule_SCALED_MUL : forall (m : nat) (n : nat) (q : nat) (x : R) (A : mat n m) (B : mat m q),
  ((mul A (scal x B)) = (scal x (mul A B))).
Proof. intros. apply mul_scal_r. Qed.
Lemma rule_SCALED_SCALED : forall (m : nat) (n : nat) (x : R) (y : R) (A : mat n m),
  ((scal x (scal y A)) = (scal (x * y) A)).
Proof. intros. apply ext; intros; unfold scal; ring. Qed.
Lemma rule_SCALED_ONE : forall (m : nat) (n : nat) (A : mat n m),
  ((scal 1 A) = A).
Proof. intros. apply ext; intros; unfold scal; ring. Qed.
Lemma rule_WITHIN_TANH : forall (m : nat) (n : nat) (A : mat n m),
  (within (apply tanh A) (- 1) 1).
Proof. intros ? ? ? i j. unfold apply. pose proof (tanh_range (A i j)). lra. Qed.
Lemma rule_WITHIN_SIGMOID : forall (m : nat) (n : nat) (A : mat n m),
  (within (apply sigmoid A) 0 1).
Proof. intros ? ? ? i j. unfold apply. pose proof (sigmoid_pos (A i j)). pose proof (sigmoid_lt1 (A i j)). lra. Qed.
Lemma rule_SIGMOID_GROWS : forall (m : nat) (n : nat) (x : R) (y : R) (A : mat n m),
  (within A x y) ->
  (within (apply sigmoid A) (entry (apply sigmoid (@table 1 1 (cons (cons x nil) nil)))) (entry (apply sigmoid (@table 1 1 (cons (cons y nil) nil))))).
Proof. intros ? ? ? ? ? H i j. destruct (H i j). split; apply sigmoid_grows; assumption. Qed.
Lemma rule_WITHIN_STEP : forall (m : nat) (n : nat) (A : mat n m),
  (within (apply step A) 0 1).
Proof. intros ? ? ? i j. unfold apply, step. destruct (Rlt_dec 0 (A i j)); lra. Qed.
Lemma rule_NORM_TANH : forall (n : nat) (u : mat n 1),
  ((norm Inf (apply tanh u)) < 1).
Proof. intros. rewrite norm_column. apply vmax_below. lra. intro i. apply Rabs_def1; apply tanh_range. Qed.
Lemma rule_NORM_SIGMOID : forall (n : nat) (u : mat n 1),
  ((norm Inf (apply sigmoid u)) < 1).
Proof.
  intros. rewrite norm_column. apply vmax_below. lra. intro i. unfold apply.
  pose proof (sigmoid_pos (u i one1)). pose proof (sigmoid_lt1 (u i one1)). rewrite Rabs_pos_eq; lra.
Qed.
Lemma rule_LIPSCHITZ_TANH : forall (n : nat) (p : kind) (u : mat n 1) (v : mat n 1),
  ((norm p (add (apply tanh u) (scal (- 1) (apply tanh v)))) <= (norm p (add u (scal (- 1) v)))).
Proof.
  intros. rewrite <- (Rmult_1_l (norm p (add u _))). apply norm_columns. lra. intro i. unfold add, scal, apply.
  pose proof (tanh_lipschitz (u i one1) (v i one1)). unfold Rminus in *. rewrite Rmult_1_l.
  now replace (- 1 * tanh (v i one1)) with (- tanh (v i one1)) by ring; replace (- 1 * v i one1) with (- v i one1) by ring.
Qed.
Lemma rule_LIPSCHITZ_RELU : forall (n : nat) (p : kind) (u : mat n 1) (v : mat n 1),
  ((norm p (add (apply relu u) (scal (- 1) (apply relu v)))) <= (norm p (add u (scal (- 1) v)))).
Proof.
  intros. rewrite <- (Rmult_1_l (norm p (add u _))). apply norm_columns. lra. intro i. unfold add, scal, apply.
  pose proof (relu_lipschitz (u i one1) (v i one1)). unfold Rminus in *. rewrite Rmult_1_l.
  now replace (- 1 * relu (v i one1)) with (- relu (v i one1)) by ring; replace (- 1 * v i one1) with (- v i one1) by ring.
Qed.
Lemma rule_LIPSCHITZ_SIGMOID : forall (n : nat) (p : kind) (u : mat n 1) (v : mat n 1),
  ((4 * (norm p (add (apply sigmoid u) (scal (- 1) (apply sigmoid v))))) <= (norm p (add u (scal (- 1) v)))).
Proof.
  intros. apply Rmult_le_reg_l with (1 / 4). lra. rewrite <- Rmult_assoc. replace (1 / 4 * 4) with 1 by field. rewrite Rmult_1_l.
  apply norm_columns. lra. intro i. unfold add, scal, apply.
  pose proof (sigmoid_lipschitz (u i one1) (v i one1)). unfold Rminus in *.
  now replace (- 1 * sigmoid (v i one1)) with (- sigmoid (v i one1)) by ring; replace (- 1 * v i one1) with (- v i one1) by ring.
Qed.
Lemma rule_SIGMOID_EXP : forall (m : nat) (n : nat) (A : mat n m),
  ((had (apply sigmoid A) (add (@ones n m) (apply exp A))) = (apply exp A)).
Proof.
  intros. apply ext; intros i j. unfold had, apply, add, ones, sigmoid. rewrite exp_Ropp. pose proof (exp_pos (A i j)). field. lra.
Qed.
Lemma rule_WITHIN_WIDEN : forall (m : nat) (n : nat) (c : R) (d : R) (x : R) (y : R) (A : mat n m),
  (c <= x) ->
  (y <= d) ->
  (within A x y) ->
  (within A c d).
Proof. intros ? ? ? ? ? ? ? ? ? H i j. specialize (H i j). lra. Qed.
Lemma rule_WITHIN_NORM : forall (m : nat) (n : nat) (p : kind) (c : R) (A : mat n m),
  ((norm p A) <= c) ->
  (within A ((- 1) * c) c).
Proof. intros ? ? ? ? ? H i j. pose proof (norm_entry p n m A i j). apply Rabs_le_between in H0. lra. Qed.
Lemma rule_WITHIN_ADD : forall (m : nat) (n : nat) (c : R) (d : R) (x : R) (y : R) (A : mat n m) (C : mat n m),
  (within A x y) ->
  (within C c d) ->
  (within (add A C) (x + c) (y + d)).
Proof. intros ? ? ? ? ? ? ? ? H G i j. specialize (H i j). specialize (G i j). unfold add. lra. Qed.
Lemma rule_WITHIN_HAD : forall (m : nat) (n : nat) (c : R) (d : R) (x : R) (y : R) (A : mat n m) (C : mat n m),
  (0 <= x) ->
  (0 <= c) ->
  (within A x y) ->
  (within C c d) ->
  (within (had A C) (x * c) (y * d)).
Proof. intros ? ? ? ? ? ? ? ? ? ? H G i j. specialize (H i j). specialize (G i j). unfold had. split; apply Rmult_le_compat; lra. Qed.
Lemma rule_WITHIN_HAD_ABS : forall (m : nat) (n : nat) (c : R) (x : R) (A : mat n m) (C : mat n m),
  (0 <= x) ->
  (0 <= c) ->
  (within A ((- 1) * x) x) ->
  (within C ((- 1) * c) c) ->
  (within (had A C) ((- 1) * (x * c)) (x * c)).
Proof.
  intros ? ? ? ? ? ? Hx Hc H G i j. specialize (H i j). specialize (G i j). unfold had.
  assert (Rabs (A i j * C i j) <= x * c).
  { rewrite Rabs_mult. apply Rmult_le_compat; try apply Rabs_pos; apply Rabs_le; lra. }
  apply Rabs_le_between in H0. lra.
Qed.
Lemma rule_WITHIN_MIX : forall (m : nat) (n : nat) (c : R) (d : R) (x : R) (y : R) (A : mat n m) (C : mat n m) (Z : mat n m),
  (c <= 1) ->
  (y <= x) ->
  (((c * x) + ((1 + ((- 1) * c)) * y)) <= d) ->
  (within Z 0 c) ->
  (within A ((- 1) * x) x) ->
  (within C ((- 1) * y) y) ->
  (within (add (had Z A) (had (add (@ones n m) (scal (- 1) Z)) C)) ((- 1) * d) d).
Proof.
  intros ? ? ? ? ? ? ? ? ? Hc Hy Hd HZ HA HC i j. specialize (HZ i j). specialize (HA i j). specialize (HC i j). unfold add, had, scal, ones.
  set (z := Z i j) in *. set (a := A i j) in *. set (b := C i j) in *. assert (0 <= (c - z) * (x - y)) by nra. nra.
Qed.
Lemma rule_WITHIN_ONES : forall (m : nat) (n : nat),
  (within (@ones n m) 1 1).
Proof. intros ? ? i j. unfold ones. lra. Qed.
Lemma rule_WITHIN_ENTRY : forall (x : R) (y : R) (A : mat 1 1),
  (x <= (entry A)) ->
  ((entry A) <= y) ->
  (within A x y).
Proof. intros ? ? ? H G i j. rewrite (fin1 i), (fin1 j). split; [ apply H | apply G ]. Qed.
Lemma rule_ENTRY_LOW : forall (x : R) (y : R) (A : mat 1 1),
  (within A x y) ->
  (x <= (entry A)).
Proof. intros ? ? ? H. apply H. Qed.
Lemma rule_ENTRY_HIGH : forall (x : R) (y : R) (A : mat 1 1),
  (within A x y) ->
  ((entry A) <= y).
Proof. intros ? ? ? H. apply H. Qed.
Lemma rule_ENTRY_NUMBER : forall (x : R),
  ((entry (@table 1 1 (cons (cons x nil) nil))) = x).
Proof. reflexivity. Qed.
Lemma rule_ENTRY_ADD : forall (A : mat 1 1) (B : mat 1 1),
  ((entry (add A B)) = ((entry A) + (entry B))).
Proof. reflexivity. Qed.
Lemma rule_ENTRY_MUL : forall (A : mat 1 1) (B : mat 1 1),
  ((entry (mul A B)) = ((entry A) * (entry B))).
Proof. intros. unfold entry, mul. apply sum_1. Qed.
Lemma rule_COLUMN_LOW : forall (n : nat) (p : kind) (c : R) (x : R) (u : mat n 1) (v : mat n 1),
  (0 <= c) ->
  (within (had u u) (c * c) x) ->
  ((c * (norm p v)) <= (norm p (mul (diag u) v))).
Proof.
  intros ? ? ? ? ? ? Hc H. rewrite !norm_column. rewrite <- (Rabs_pos_eq c) at 1 by auto. rewrite <- vnorm_scal.
  apply vnorm_mono. intro i. rewrite <- had_diag. unfold had in *. rewrite !Rabs_mult.
  apply Rmult_le_compat_r; [ apply Rabs_pos | ]. specialize (H i one1). apply Rsqr_le_abs_0. unfold Rsqr. lra.
Qed.
Lemma rule_UNDER_EYE : forall (n : nat),
  (under (@eye n) (@eye n)).
Proof. intros ? i j. unfold eye, delta. destruct (Fin.eq_dec i j); [ rewrite Rabs_R1 | rewrite Rabs_R0 ]; lra. Qed.
Lemma rule_UNDER_MUL : forall (m : nat) (n : nat) (q : nat) (A : mat n m) (B : mat m q) (C : mat n m) (D : mat m q),
  (under A C) ->
  (under B D) ->
  (under (mul A B) (mul C D)).
Proof.
  intros ? ? ? ? ? ? ? H G i j. unfold mul. eapply Rle_trans; [ apply sum_Rabs | ]. apply sum_le; intro l.
  rewrite Rabs_mult. apply Rmult_le_compat; try apply Rabs_pos; auto.
Qed.
Lemma rule_UNDER_DIAG : forall (n : nat) (v : mat n 1),
  (within v (- 1) 1) ->
  (under (diag v) (@eye n)).
Proof.
  intros ? ? H i j. unfold diag, eye. rewrite Rabs_mult. specialize (H i one1).
  assert (Rabs (v i one1) <= 1) by (apply Rabs_le; lra). pose proof (Rabs_pos (v i one1)).
  unfold delta. destruct (Fin.eq_dec i j); [ rewrite Rabs_R1 | rewrite Rabs_R0 ]; lra.
Qed.
Lemma rule_UNDER_WITHIN : forall (m : nat) (n : nat) (x : R) (y : R) (A : mat n m) (C : mat n m),
  (under A C) ->
  (within C x y) ->
  (within A ((- 1) * y) y).
Proof. intros ? ? ? ? ? ? U H i j. specialize (U i j). specialize (H i j). apply Rabs_le_between in U. lra. Qed.
Lemma rule_ABS_POSITIVE : forall (x : R),
  (0 <= x) ->
  ((Rabs x) = x).
Proof. intros; apply Rabs_pos_eq; auto. Qed.
Lemma rule_ABS_LE : forall (x : R) (y : R),
  (((- 1) * y) <= x) ->
  (x <= y) ->
  ((Rabs x) <= y).
Proof. intros; apply Rabs_le; lra. Qed.
Lemma rule_LE_ABS : forall (x : R),
  (x <= (Rabs x)).
Proof. intros; apply Rle_abs. Qed.
Lemma rule_ABS_NEG : forall (x : R),
  ((Rabs ((- 1) * x)) = (Rabs x)).
Proof. intros. rewrite <- Rabs_Ropp. f_equal. ring. Qed.
Lemma rule_ABS_MUL : forall (x : R) (y : R),
  ((Rabs (x * y)) = ((Rabs x) * (Rabs y))).
Proof. intros; apply Rabs_mult. Qed.
Lemma rule_CONTRAPOSITIVE : forall (c : R) (d : R) (x : R) (y : R),
  ((x <= y) -> (c <= d)) ->
  (d < c) ->
  (y < x).
Proof. intros ? ? ? ? H L. apply Rnot_le_lt. intro G. specialize (H G). lra. Qed.
Lemma rule_ABS_POW : forall (k : Z) (x : R),
  ((Rabs (powZ x k)) = (powZ (Rabs x) k)).
Proof. intros. apply eq_sym, RPow_abs. Qed.
Lemma rule_POW_STEP : forall (k : Z) (x : R),
  (0 <= k)%Z ->
  ((powZ x (k + 1)%Z) = (x * (powZ x k))).
Proof. intros. unfold powZ. rewrite Z2Nat.inj_add by lia. simpl (Z.to_nat 1). rewrite Nat.add_1_r. reflexivity. Qed.
Lemma rule_POW_NONNEG : forall (k : Z) (x : R),
  (0 <= x) ->
  (0 <= (powZ x k)).
Proof. intros; apply pow_le; auto. Qed.
Lemma rule_POW_POSITIVE : forall (k : Z) (x : R),
  (0 < x) ->
  (0 < (powZ x k)).
Proof. intros; apply pow_lt; auto. Qed.
Lemma rule_POW_LE : forall (k : Z) (x : R) (y : R),
  (0 <= x) ->
  (x <= y) ->
  ((powZ x k) <= (powZ y k)).
Proof. intros; apply pow_incr; auto. Qed.
Lemma rule_POW_LE_ONE : forall (k : Z) (x : R),
  (0 <= x) ->
  (x <= 1) ->
  ((powZ x k) <= 1).
Proof. intros. unfold powZ. rewrite <- (pow1 (Z.to_nat k)). apply pow_incr; auto. Qed.
Lemma rule_POW_GE_ONE : forall (k : Z) (x : R),
  (1 <= x) ->
  (1 <= (powZ x k)).
Proof. intros. unfold powZ. apply pow_R1_Rle; auto. Qed.
Lemma rule_SQUARE_LE : forall (x : R) (y : R),
  (0 <= y) ->
  ((x * x) <= (y * y)) ->
  (x <= y).
Proof. intros. apply Rsqr_incr_0_var; auto. Qed.
Lemma rule_POW_ONE : forall (k : Z),
  ((powZ 1 k) = 1).
Proof. intros. apply pow1. Qed.
Lemma rule_POW_MUL : forall (k : Z) (x : R) (y : R),
  ((powZ (x * y) k) = ((powZ x k) * (powZ y k))).
Proof. intros. apply Rpow_mult_distr. Qed.
Lemma rule_POW_ADD : forall (k : Z) (l : Z) (x : R),
  (0 <= k)%Z ->
  (0 <= l)%Z ->
  ((powZ x (k + l)%Z) = ((powZ x k) * (powZ x l))).
Proof. intros. unfold powZ. rewrite Z2Nat.inj_add by lia. apply pow_add. Qed.
Lemma rule_LIM_POW : forall (x : R),
  (0 <= x) ->
  (x < 1) ->
  (limit (fun k0 : Z => (powZ x k0)) 0).
Proof.
  intros. unfold limit. apply is_lim_seq_ext with (fun k => x ^ k).
  intro k. unfold powZ. now rewrite Nat2Z.id. apply is_lim_seq_geom. rewrite Rabs_pos_eq; auto.
Qed.
Lemma rule_LIM_SCALED : forall (X : Z -> R) (c : R),
  (limit (fun k0 : Z => (X k0)) 0) ->
  (limit (fun k0 : Z => (c * (X k0))) 0).
Proof.
  intros. unfold limit in *. replace (Finite 0) with (Rbar_mult c 0) by (simpl; f_equal; ring).
  apply is_lim_seq_scal_l; auto.
Qed.
Lemma rule_LIM_UNSCALED : forall (X : Z -> R) (c : R),
  (0 < c) ->
  (limit (fun k0 : Z => (c * (X k0))) 0) ->
  (limit (fun k0 : Z => (X k0)) 0).
Proof.
  intros ? ? H L. apply rule_LIM_SCALED with (c := / c) in L. unfold limit in *.
  eapply is_lim_seq_ext; [ | exact L ]. intro k. simpl. field. lra.
Qed.
Lemma rule_LIM_MUL : forall (X : Z -> R) (Y : Z -> R),
  (limit (fun k0 : Z => (X k0)) 0) ->
  (limit (fun k0 : Z => (Y k0)) 0) ->
  (limit (fun k0 : Z => ((X k0) * (Y k0))) 0).
Proof.
  intros. unfold limit in *. replace (Finite 0) with (Finite (0 * 0)) by (f_equal; ring). now apply is_lim_seq_mult'.
Qed.
Lemma rule_LIM_CONSTANT : forall (x : R),
  (limit (fun k0 : Z => x) 0) ->
  (x = 0).
Proof.
  intros x L. unfold limit in L. pose proof (is_lim_seq_unique _ _ (is_lim_seq_const x)) as C.
  rewrite (is_lim_seq_unique _ _ L) in C. now injection C.
Qed.
Lemma rule_LIM_SQUEEZE : forall (X : Z -> R) (Y : Z -> R),
  (forall k0 : Z, ((0 <= k0)%Z -> (0 <= (X k0)))) ->
  (forall k0 : Z, ((0 <= k0)%Z -> ((X k0) <= (Y k0)))) ->
  (limit (fun k0 : Z => (Y k0)) 0) ->
  (limit (fun k0 : Z => (X k0)) 0).
Proof.
  intros ? ? H G L. unfold limit in *. apply is_lim_seq_le_le with (u := fun _ => 0) (w := fun k => Y (Z.of_nat k)); auto.
  intro k. split; [ apply H | apply G ]; lia. apply is_lim_seq_const.
Qed.
Lemma rule_INF_POW : forall (x : R),
  (1 < x) ->
  (infinite (fun k0 : Z => (powZ x k0))).
Proof.
  intros. unfold infinite. apply is_lim_seq_ext with (fun k => x ^ k).
  intro k. unfold powZ. now rewrite Nat2Z.id. apply is_lim_seq_geom_p; auto.
Qed.
Lemma rule_INF_SCALED : forall (X : Z -> R) (c : R),
  (0 < c) ->
  (infinite (fun k0 : Z => (X k0))) ->
  (infinite (fun k0 : Z => (c * (X k0)))).
Proof.
  intros. unfold infinite in *. replace p_infty with (Rbar_mult c p_infty).
  apply is_lim_seq_scal_l; auto. apply is_Rbar_mult_unique, is_Rbar_mult_sym, is_Rbar_mult_p_infty_pos; auto.
Qed.
Lemma rule_INF_UNSCALED : forall (X : Z -> R) (c : R),
  (0 < c) ->
  (infinite (fun k0 : Z => (c * (X k0)))) ->
  (infinite (fun k0 : Z => (X k0))).
Proof.
  intros ? ? H L. apply rule_INF_SCALED with (c := / c) in L; [ | now apply Rinv_0_lt_compat ]. unfold infinite in *.
  eapply is_lim_seq_ext; [ | exact L ]. intro k. simpl. field. lra.
Qed.
Lemma rule_INF_LE : forall (X : Z -> R) (Y : Z -> R),
  (forall k0 : Z, ((0 <= k0)%Z -> ((X k0) <= (Y k0)))) ->
  (infinite (fun k0 : Z => (X k0))) ->
  (infinite (fun k0 : Z => (Y k0))).
Proof.
  intros ? ? H G. unfold infinite in *. apply is_lim_seq_le_p_loc with (u := fun k => X (Z.of_nat k)); auto.
  exists O. intros k _. apply H; lia.
Qed.
Lemma rule_SUM_EMPTY : forall (m : nat) (n : nat) (h : Z) (F : Z -> mat n m),
  ((sumZ (h + 1)%Z h (fun k0 : Z => (F k0))) = (@zeros n m)).
Proof. intros. apply sum_empty. lia. Qed.
Lemma rule_SUM_FIRST : forall (m : nat) (n : nat) (h : Z) (l : Z) (F : Z -> mat n m),
  (0 <= (h - l)%Z)%Z ->
  ((sumZ l h (fun k0 : Z => (F k0))) = (add (F l) (sumZ (l + 1)%Z h (fun k0 : Z => (F k0))))).
Proof. intros. apply sum_first. lia. Qed.
Lemma rule_SUM_LAST : forall (m : nat) (n : nat) (h : Z) (l : Z) (F : Z -> mat n m),
  (0 <= (h - l)%Z)%Z ->
  ((sumZ l h (fun k0 : Z => (F k0))) = (add (sumZ l (h - 1)%Z (fun k0 : Z => (F k0))) (F h))).
Proof. intros. apply sum_last. lia. Qed.
Lemma rule_SUM_SAME : forall (m : nat) (n : nat) (h : Z) (l : Z) (F : Z -> mat n m) (G : Z -> mat n m),
  (forall k0 : Z, ((0 <= (k0 - l)%Z)%Z -> ((0 <= (h - k0)%Z)%Z -> ((F k0) = (G k0))))) ->
  ((sumZ l h (fun k0 : Z => (F k0))) = (sumZ l h (fun k0 : Z => (G k0)))).
Proof.
  intros ? ? ? ? ? ? H. unfold sumZ.
  assert (K : forall k low, (l <= low)%Z -> (low + Z.of_nat k <= h + 1)%Z -> sumup k low (fun k0 : Z => F k0) = sumup k low (fun k0 : Z => G k0)).
  { induction k; intros low L U; simpl; auto. rewrite H, IHk by lia. reflexivity. }
  destruct (Z_le_gt_dec l (h + 1)); [ apply K; lia | ]. replace (Z.to_nat (h - l + 1)) with O by lia. reflexivity.
Qed.
Lemma rule_SUM_ADD : forall (m : nat) (n : nat) (h : Z) (l : Z) (F : Z -> mat n m) (G : Z -> mat n m),
  ((sumZ l h (fun k0 : Z => (add (F k0) (G k0)))) = (add (sumZ l h (fun k0 : Z => (F k0))) (sumZ l h (fun k0 : Z => (G k0))))).
Proof.
  intros. unfold sumZ. generalize (Z.to_nat (h - l + 1)) as k. intro k. revert l. induction k; intro l; simpl.
  - apply ext; intros; unfold add, zeros; ring.
  - rewrite IHk. apply ext; intros; unfold add; ring.
Qed.
Lemma rule_SUM_MUL : forall (m : nat) (n : nat) (q : nat) (h : Z) (l : Z) (B : mat m q) (F : Z -> mat n m),
  ((sumZ l h (fun k0 : Z => (mul (F k0) B))) = (mul (sumZ l h (fun k0 : Z => (F k0))) B)).
Proof.
  intros. unfold sumZ. generalize (Z.to_nat (h - l + 1)) as k. intro k. revert l. induction k; intro l; simpl.
  - now rewrite mul_zeros_l.
  - now rewrite IHk, mul_add_l.
Qed.
Lemma rule_SUM_TRANSPOSE : forall (m : nat) (n : nat) (h : Z) (l : Z) (F : Z -> mat n m),
  ((sumZ l h (fun k0 : Z => (tr (F k0)))) = (tr (sumZ l h (fun k0 : Z => (F k0))))).
Proof.
  intros. unfold sumZ. generalize (Z.to_nat (h - l + 1)) as k. intro k. revert l. induction k; intro l; simpl; auto.
  now rewrite IHk.
Qed.
Lemma rule_INNER_OUTER : forall (m : nat) (n : nat) (A : mat n m) (u : mat n 1) (w : mat m 1),
  ((mul (tr u) (mul A w)) = (mul (mul (@ones 1 n) (had (mul u (tr w)) A)) (@ones m 1))).
Proof.
  intros. apply ext; intros i j. rewrite (fin1 i), (fin1 j). unfold mul, tr, had, ones.
  rewrite (sum_ext m _ (fun y => sum n (fun x => u x one1 * (A x y * w y one1)))).
  - rewrite sum_swap. apply sum_ext; intro x. rewrite <- sum_scal. apply sum_ext; intro; ring.
  - intro y. rewrite <- sum_scal_r. apply sum_ext; intro x. rewrite sum_1. ring.
Qed.
Lemma rule_INNER_SUM : forall (m : nat) (n : nat) (h : Z) (l : Z) (A : mat n m) (F : Z -> mat n m),
  ((sumZ l h (fun k0 : Z => (mul (mul (@ones 1 n) (had (F k0) A)) (@ones m 1)))) = (mul (mul (@ones 1 n) (had (sumZ l h (fun k0 : Z => (F k0))) A)) (@ones m 1))).
Proof.
  intros. unfold sumZ. generalize (Z.to_nat (h - l + 1)) as k. intro k. revert l. induction k; intro l; simpl.
  - replace (had zeros A) with (@zeros n m) by (apply ext; intros; unfold had, zeros; ring). now rewrite mul_zeros_r, mul_zeros_l.
  - rewrite IHk, <- mul_add_l, <- mul_add_r. do 2 f_equal. apply ext; intros; unfold had, add; ring.
Qed.
Lemma rule_DESCENDING_EMPTY : forall (n : nat) (h : Z) (F : Z -> mat n n),
  ((descending (h + 1)%Z h (fun k0 : Z => (F k0))) = (@eye n)).
Proof. intros. apply descending_empty. lia. Qed.
Lemma rule_DESCENDING_LAST : forall (n : nat) (h : Z) (l : Z) (F : Z -> mat n n),
  (0 <= (h - l)%Z)%Z ->
  ((descending l h (fun k0 : Z => (F k0))) = (mul (F h) (descending l (h - 1)%Z (fun k0 : Z => (F k0))))).
Proof. intros. apply descending_last. lia. Qed.
Lemma rule_DESCENDING_FIRST : forall (n : nat) (h : Z) (l : Z) (F : Z -> mat n n),
  (0 <= (h - l)%Z)%Z ->
  ((descending l h (fun k0 : Z => (F k0))) = (mul (descending (l + 1)%Z h (fun k0 : Z => (F k0))) (F l))).
Proof. intros. apply descending_first. lia. Qed.
Lemma rule_ASCENDING_EMPTY : forall (n : nat) (h : Z) (F : Z -> mat n n),
  ((ascending (h + 1)%Z h (fun k0 : Z => (F k0))) = (@eye n)).
Proof. intros. apply ascending_empty. lia. Qed.
Lemma rule_ASCENDING_LAST : forall (n : nat) (h : Z) (l : Z) (F : Z -> mat n n),
  (0 <= (h - l)%Z)%Z ->
  ((ascending l h (fun k0 : Z => (F k0))) = (mul (ascending l (h - 1)%Z (fun k0 : Z => (F k0))) (F h))).
Proof. intros. apply ascending_last. lia. Qed.
Lemma rule_ASCENDING_FIRST : forall (n : nat) (h : Z) (l : Z) (F : Z -> mat n n),
  (0 <= (h - l)%Z)%Z ->
  ((ascending l h (fun k0 : Z => (F k0))) = (mul (F l) (ascending (l + 1)%Z h (fun k0 : Z => (F k0))))).
Proof. intros. apply ascending_first. lia. Qed.
Lemma rule_D_EQUAL : forall (m : nat) (n : nat) (A : R -> mat n m) (C : R -> mat n m) (dA : mat n m),
  (forall e : R, (A e) = (C e)) ->
  (derivative (fun e : R => (C e)) dA) ->
  (derivative (fun e : R => (A e)) dA).
Proof. intros ? ? ? ? ? E D i j. apply is_derive_ext with (fun e => C e i j); [ intro; now rewrite E | apply D ]. Qed.
Lemma rule_ALWAYS_NOW : forall (m : nat) (n : nat) (A : R -> mat n m) (C : R -> mat n m),
  (forall e : R, (A e) = (C e)) ->
  ((A 0) = (C 0)).
Proof. intros; auto. Qed.
Lemma rule_D_UNIQUE : forall (m : nat) (n : nat) (A : R -> mat n m) (dA : mat n m) (dC : mat n m),
  (derivative (fun e : R => (A e)) dA) ->
  (derivative (fun e : R => (A e)) dC) ->
  (dA = dC).
Proof.
  intros ? ? ? ? ? H K. apply functional_extensionality; intro i. apply functional_extensionality; intro j.
  rewrite <- (is_derive_unique _ _ _ (H i j)). exact (is_derive_unique _ _ _ (K i j)).
Qed.
Lemma rule_D_CONSTANT_ZERO : forall (m : nat) (n : nat),
  (derivative (fun e : R => (@zeros n m)) (@zeros n m)).
Proof. intros ? ? i j. apply @is_derive_const. Qed.
Lemma rule_D_CONSTANT_ONE : forall (m : nat) (n : nat),
  (derivative (fun e : R => (@ones n m)) (@zeros n m)).
Proof. intros ? ? i j. apply @is_derive_const. Qed.
Lemma rule_D_ADD : forall (m : nat) (n : nat) (A : R -> mat n m) (C : R -> mat n m) (dA : mat n m) (dC : mat n m),
  (derivative (fun e : R => (A e)) dA) ->
  (derivative (fun e : R => (C e)) dC) ->
  (derivative (fun e : R => (add (A e) (C e))) (add dA dC)).
Proof. intros ? ? ? ? ? ? H G i j. apply @is_derive_plus; [ apply H | apply G ]. Qed.
Lemma rule_D_MUL : forall (m : nat) (n : nat) (q : nat) (A : R -> mat n m) (B : R -> mat m q) (dA : mat n m) (dB : mat m q),
  (derivative (fun e : R => (A e)) dA) ->
  (derivative (fun e : R => (B e)) dB) ->
  (derivative (fun e : R => (mul (A e) (B e))) (add (mul dA (B 0)) (mul (A 0) dB))).
Proof.
  intros ? ? ? ? ? ? ? H G i j. unfold mul, add. rewrite <- sum_plus. apply is_derive_sum. intro l.
  apply (is_derive_times (fun e => A e i l) (fun e => B e l j)); [ apply H | apply G ].
Qed.
Lemma rule_D_HAD : forall (m : nat) (n : nat) (A : R -> mat n m) (C : R -> mat n m) (dA : mat n m) (dC : mat n m),
  (derivative (fun e : R => (A e)) dA) ->
  (derivative (fun e : R => (C e)) dC) ->
  (derivative (fun e : R => (had (A e) (C e))) (add (had dA (C 0)) (had (A 0) dC))).
Proof. intros ? ? ? ? ? ? H G i j. apply (is_derive_times (fun e => A e i j) (fun e => C e i j)); [ apply H | apply G ]. Qed.
Lemma rule_D_TRANSPOSE : forall (m : nat) (n : nat) (A : R -> mat n m) (dA : mat n m),
  (derivative (fun e : R => (A e)) dA) ->
  (derivative (fun e : R => (tr (A e))) (tr dA)).
Proof. intros ? ? ? ? H i j. apply H. Qed.
Lemma rule_D_SUM : forall (m : nat) (n : nat) (h : Z) (l : Z) (F : R -> Z -> mat n m) (dF : Z -> mat n m),
  (forall k0 : Z, ((0 <= (k0 - l)%Z)%Z -> ((0 <= (h - k0)%Z)%Z -> (derivative (fun e : R => (F e k0)) (dF k0))))) ->
  (derivative (fun e : R => (sumZ l h (fun k0 : Z => (F e k0)))) (sumZ l h (fun k0 : Z => (dF k0)))).
Proof.
  intros ? ? ? ? ? ? H. unfold sumZ.
  assert (K : forall k low, (l <= low)%Z -> (low + Z.of_nat k <= h + 1)%Z ->
    derivative (fun e : R => sumup k low (fun k0 : Z => F e k0)) (sumup k low (fun k0 : Z => dF k0))).
  { induction k; intros low L U; simpl.
    - intros i j. apply @is_derive_const.
    - intros i j. apply @is_derive_plus; [ apply H; lia | apply IHk; lia ]. }
  destruct (Z_le_gt_dec l (h + 1)).
  - apply K; lia.
  - replace (Z.to_nat (h - l + 1)) with O by lia. simpl. intros i j. unfold zeros. apply @is_derive_const.
Qed.
Lemma rule_D_TANH : forall (m : nat) (n : nat) (A : R -> mat n m) (dA : mat n m),
  (derivative (fun e : R => (A e)) dA) ->
  (derivative (fun e : R => (apply tanh (A e))) (had (add (@ones n m) (scal (- 1) (had (apply tanh (A 0)) (apply tanh (A 0))))) dA)).
Proof.
  intros ? ? ? ? H i j. unfold had, add, scal, ones, apply.
  replace ((1 + - 1 * (tanh (A 0 i j) * tanh (A 0 i j))) * dA i j) with (scal_R (dA i j) (1 - tanh (A 0 i j) * tanh (A 0 i j)))
    by (unfold scal_R; ring).
  apply (is_derive_comp tanh (fun e => A e i j)); [ apply is_derive_tanh | apply H ].
Qed.
Lemma rule_D_SIGMOID : forall (m : nat) (n : nat) (A : R -> mat n m) (dA : mat n m),
  (derivative (fun e : R => (A e)) dA) ->
  (derivative (fun e : R => (apply sigmoid (A e))) (had (had (apply sigmoid (A 0)) (add (@ones n m) (scal (- 1) (apply sigmoid (A 0))))) dA)).
Proof.
  intros ? ? ? ? H i j. unfold had, add, scal, ones, apply.
  replace (sigmoid (A 0 i j) * (1 + - 1 * sigmoid (A 0 i j)) * dA i j) with (scal_R (dA i j) (sigmoid (A 0 i j) * (1 - sigmoid (A 0 i j))))
    by (unfold scal_R; ring).
  apply (is_derive_comp sigmoid (fun e => A e i j)); [ apply is_derive_sigmoid | apply H ].
Qed.
Lemma rule_D_RELU : forall (m : nat) (n : nat) (c : R) (x : R) (A : R -> mat n m) (dA : mat n m),
  (0 < c) ->
  (within (had (A 0) (A 0)) c x) ->
  (derivative (fun e : R => (A e)) dA) ->
  (derivative (fun e : R => (apply relu (A e))) (had (apply step (A 0)) dA)).
Proof.
  intros ? ? ? ? ? ? Hc N. apply derivative_apply. intros i j. apply is_derive_relu. specialize (N i j). unfold had in N. nra.
Qed.
Lemma rule_D_SOFTPLUS : forall (m : nat) (n : nat) (A : R -> mat n m) (dA : mat n m),
  (derivative (fun e : R => (A e)) dA) ->
  (derivative (fun e : R => (apply softplus (A e))) (had (apply sigmoid (A 0)) dA)).
Proof. intros ? ? ? ?. apply derivative_apply. intros. apply is_derive_softplus. Qed.
Lemma rule_D_EXP : forall (m : nat) (n : nat) (A : R -> mat n m) (dA : mat n m),
  (derivative (fun e : R => (A e)) dA) ->
  (derivative (fun e : R => (apply exp (A e))) (had (apply exp (A 0)) dA)).
Proof. intros ? ? ? ?. apply derivative_apply. intros. apply is_derive_exp. Qed.
Lemma rule_D_LOG : forall (m : nat) (n : nat) (c : R) (x : R) (A : R -> mat n m) (dA : mat n m),
  (0 < c) ->
  (within (A 0) c x) ->
  (derivative (fun e : R => (A e)) dA) ->
  (derivative (fun e : R => (apply log (A e))) (had (apply reciprocal (A 0)) dA)).
Proof. intros ? ? ? ? ? ? Hc N. apply derivative_apply. intros i j. apply is_derive_ln. specialize (N i j). lra. Qed.
Lemma rule_D_RECIPROCAL : forall (m : nat) (n : nat) (c : R) (x : R) (A : R -> mat n m) (dA : mat n m),
  (0 < c) ->
  (within (had (A 0) (A 0)) c x) ->
  (derivative (fun e : R => (A e)) dA) ->
  (derivative (fun e : R => (apply reciprocal (A e))) (had (scal (- 1) (had (apply reciprocal (A 0)) (apply reciprocal (A 0)))) dA)).
Proof.
  intros ? ? ? ? ? ? Hc N. apply derivative_apply. intros i j. specialize (N i j). unfold had in N.
  assert (A 0 i j <> 0) by nra. unfold scal, had, apply, reciprocal. auto_derive; auto. field. auto.
Qed.
Lemma rule_D_SQRT : forall (m : nat) (n : nat) (c : R) (x : R) (A : R -> mat n m) (dA : mat n m),
  (0 < c) ->
  (within (A 0) c x) ->
  (derivative (fun e : R => (A e)) dA) ->
  (derivative (fun e : R => (apply sqrt (A e))) (had (apply reciprocal (scal 2 (apply sqrt (A 0)))) dA)).
Proof.
  intros ? ? ? ? ? ? Hc N. apply derivative_apply. intros i j. specialize (N i j). unfold apply, scal, reciprocal.
  assert (P : 0 < A 0 i j) by lra. pose proof (sqrt_lt_R0 _ P). auto_derive; auto. field. lra.
Qed.
Lemma rule_D_FUNCTION : forall (m : nat) (n : nat) (phi : R -> R) (phi' : R -> R) (A : R -> mat n m) (dA : mat n m),
  (forall x : R, is_derive phi x (phi' x)) ->
  (derivative (fun e : R => (A e)) dA) ->
  (derivative (fun e : R => (apply phi (A e))) (had (apply phi' (A 0)) dA)).
Proof. intros ? ? ? ? ? ? H. apply derivative_apply. intros. apply H. Qed.
Lemma rule_RADIUS_NORM : forall (n : nat) (S_ : mat n n),
  (radius S_ (norm Two S_)).
Proof.
  intros ? ? a b u v N Eu Ev.
  pose proof (norm_nonneg Two _ _ S_). pose proof (norm_act Two _ _ S_ u) as Bu. pose proof (norm_act Two _ _ S_ v) as Bv.
  pose proof (vnorm_nonneg Two _ u). pose proof (vnorm_nonneg Two _ v).
  pose proof (vnorm_nonneg Two _ (act S_ u)). pose proof (vnorm_nonneg Two _ (act S_ v)).
  assert (Q : dot (act S_ u) (act S_ u) + dot (act S_ v) (act S_ v) = (a * a + b * b) * (dot u u + dot v v)).
  { rewrite Eu, Ev. unfold dot. rewrite <- !sum_plus, <- sum_scal. apply sum_ext; intro; ring. }
  rewrite <- !two_sqr in Q.
  assert (P : 0 < vnorm Two u * vnorm Two u + vnorm Two v * vnorm Two v).
  { destruct N as [i N]. pose proof (vnorm_entry Two _ u i). pose proof (vnorm_entry Two _ v i).
    destruct N as [N | N]; apply Rabs_pos_lt in N; nra. }
  split; auto. set (c := norm Two S_) in *. set (x := vnorm Two u) in *. set (y := vnorm Two v) in *.
  set (x' := vnorm Two (act S_ u)) in *. set (y' := vnorm Two (act S_ v)) in *.
  assert (x' * x' <= c * c * (x * x)) by nra. assert (y' * y' <= c * c * (y * y)) by nra.
  apply Rmult_le_reg_r with (x * x + y * y); auto. nra.
Qed.
Lemma rule_RADIUS_SQUARE : forall (n : nat) (x : R) (y : R) (S_ : mat n n),
  (0 <= x) ->
  ((Rabs y) <= (x * x)) ->
  ((mul S_ S_) = (scal y (@eye n))) ->
  (radius S_ x).
Proof.
  intros ? ? ? ? Hx Hy E a b u v N Eu Ev. split; auto.
  assert (Du : forall i, (a * a - b * b - y) * u i - 2 * a * b * v i = 0).
  { intro i. assert (K : act (mul S_ S_) u i = y * u i).
    { rewrite E. unfold act, scal, eye. rewrite (sum_ext n _ (fun j => delta i j * (y * u j))), sum_delta by (intro; ring). ring. }
    rewrite act_mul, Eu in K. rewrite act_lin in K. rewrite Eu, Ev in K. lra. }
  assert (Dv : forall i, (a * a - b * b - y) * v i + 2 * a * b * u i = 0).
  { intro i. assert (K : act (mul S_ S_) v i = y * v i).
    { rewrite E. unfold act, scal, eye. rewrite (sum_ext n _ (fun j => delta i j * (y * v j))), sum_delta by (intro; ring). ring. }
    rewrite act_mul, Ev in K. rewrite act_lin' in K. rewrite Eu, Ev in K. lra. }
  destruct N as [i N]. specialize (Du i). specialize (Dv i).
  set (c := a * a - b * b - y) in *. set (d := 2 * a * b) in *.
  assert (Z : c * c + d * d = 0).
  { destruct N as [N | N].
    - apply Rmult_eq_reg_r with (u i); auto. replace ((c * c + d * d) * u i) with (c * (c * u i - d * v i) + d * (c * v i + d * u i)) by ring.
      rewrite Du, Dv. ring.
    - apply Rmult_eq_reg_r with (v i); auto. replace ((c * c + d * d) * v i) with (c * (c * v i + d * u i) - d * (c * u i - d * v i)) by ring.
      rewrite Du, Dv. ring. }
  assert (c = 0) by nra. assert (d = 0) by nra.
  assert ((a * a + b * b) * (a * a + b * b) = y * y).
  { replace y with (a * a - b * b) by (unfold c in H; lra). unfold d in H0. nra. }
  assert (a * a + b * b = Rabs y).
  { apply Rsqr_inj. nra. apply Rabs_pos. rewrite <- Rsqr_abs. unfold Rsqr. lra. }
  lra.
Qed.
Lemma rule_RADIUS_SHIFT : forall (n : nat) (x : R) (y : R) (S_ : mat n n),
  (0 <= x) ->
  ((Rabs y) <= x) ->
  ((mul (add S_ (scal (- 1) (scal y (@eye n)))) (add S_ (scal (- 1) (scal y (@eye n))))) = (@zeros n n)) ->
  (radius S_ x).
Proof.
  intros ? ? ? ? Hx Hy E a b u v N Eu Ev. split; auto.
  assert (L : forall w, act (add S_ (scal (- 1) (scal y (@eye n)))) w = (fun i => act S_ w i - y * w i)).
  { intro w. rewrite act_add. extensionality i. unfold act, scal, eye.
    assert (D : sum n (fun j => - (1) * (y * delta i j) * w j) = - y * w i).
    { rewrite <- (sum_delta n i (fun j => - y * w j)). apply sum_ext; intro; ring. }
    replace (- (1)) with (- 1) in D by ring. rewrite D. ring. }
  assert (Z : radius (add S_ (scal (- 1) (scal y (@eye n)))) 0).
  { apply rule_RADIUS_SQUARE with (y := 0). lra. rewrite Rabs_R0; lra. rewrite E. apply ext; intros; unfold zeros, scal; ring. }
  destruct (Z (a - y) b u v N) as [_ Q].
  - rewrite L, Eu. extensionality i. ring.
  - rewrite L, Ev. extensionality i. ring.
  - pose proof (square_nonneg (a - y)). pose proof (square_nonneg b).
    assert (B : b * b = 0) by lra. assert (D : (a - y) * (a - y) = 0) by lra.
    apply Rmult_integral in B. apply Rmult_integral in D. assert (b = 0) by tauto. assert (a - y = 0) by tauto.
    assert (a = y) by lra. subst. apply Rabs_le_between in Hy. nra.
Qed.
Lemma rule_RADIUS_WIDEN : forall (n : nat) (x : R) (y : R) (S_ : mat n n),
  (x <= y) ->
  (radius S_ x) ->
  (radius S_ y).
Proof. intros ? ? ? ? Hxy H a b u v N Eu Ev. destruct (H a b u v N Eu Ev). split; nra. Qed.
Lemma rule_RADIUS_TRIANGULAR : forall (n : nat) (x : R) (S_ : mat n n) (u : mat n 1),
  (0 <= x) ->
  (within u ((- 1) * x) x) ->
  (strict S_) ->
  (radius (add (diag u) S_) x).
Proof. intros ? ? ? ? Hx H. apply triangular; auto. intros i j. specialize (H i j). lra. Qed.
Lemma rule_NORMAL : forall (n : nat) (x : R) (S_ : mat n n),
  (0 <= x) ->
  ((mul (tr S_) S_) = (mul S_ (tr S_))) ->
  (radius S_ x) ->
  ((norm Two S_) <= x).
Proof. intros. apply normal_norm; auto. Qed.
Lemma rule_GELFAND : forall (n : nat) (p : kind) (x : R) (S_ : mat n n),
  (radius S_ x) ->
  (x < 1) ->
  (limit (fun k1 : Z => (norm p (descending (1)%Z k1 (fun k0 : Z => S_)))) 0).
Proof.
  intros ? ? ? ? H L. unfold limit. apply is_lim_seq_ext with (fun k => norm p (power S_ k)); [ | apply gelfand with x; auto ].
  intro k. unfold descending, power. do 2 f_equal. lia.
Qed.
